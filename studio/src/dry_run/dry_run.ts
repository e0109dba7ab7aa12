/** What the server says of the draft without painting it, always the latest. */

import { signal } from "@preact/signals";
import type { DryRunQuery } from "../api/generated.ts";

type Answer = DryRunQuery["validateLayout"];

/** The report on the draft as it stood a moment ago; null before the first, and while the draft has problems. */
export const report = signal<Extract<Answer, { __typename: "LayoutReport" }> | null>(null);

/** A fault of the draft, at the field that the server names. */
export interface Problem {
  /** From the layout or the settings on, for instance `["layout", "regions", "1", "weight"]`. */
  readonly path: readonly string[];
  readonly message: string;
}

/** What keeps the draft from being painted, of the dry run and of the latest attempt to paint. */
export const problems = signal<readonly Problem[]>([]);
