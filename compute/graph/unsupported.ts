/** The refusal of a graph that cannot be rewritten. */

/** A model graph of a form that Parterre cannot run regionally; the message says what was found and what would work. */
export class UnsupportedGraphError extends Error {
  override readonly name = "UnsupportedGraphError";
  readonly code = "UNSUPPORTED_GRAPH";

  constructor(reason: string) {
    super(`Cannot use this model graph: ${reason}`);
  }
}
