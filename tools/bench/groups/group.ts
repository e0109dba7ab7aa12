/** What a group of figures is. */

import type { Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";

/** Measures figures that belong together and gives each out as soon as it has it. */
export type Group = (options: BenchOptions) => AsyncGenerator<Row, void, undefined>;
