/** How checks tell what is wrong. */

import type { FieldPath, InvalidInputCode } from "../errors.ts";

/** Notes a problem with a field of the request. */
export type Fail = (code: InvalidInputCode, field: string | FieldPath, value: unknown, rule: string) => void;
