/** What is wrong with a draft, and where. */

/** A fault of the draft, at the field that the server names. */
export interface Problem {
  /** From the layout or the settings on, for instance `["layout", "regions", "1", "weight"]`. */
  readonly path: readonly string[];
  readonly message: string;
  /** What the value must be, for instance `must be greater than 0`; where it stands is known from the path. */
  readonly rule?: string;
}
