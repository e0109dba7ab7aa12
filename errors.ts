/** The one error that every layer raises for bad input, and how several of them travel together. */

/** A place in the caller's input: field names and list indexes, outermost first. */
export type FieldPath = readonly (string | number)[];

/** What distinguishes one kind of bad input from another; stable, machine-readable. */
export type InvalidInputCode =
  | "INVALID_VALUE"
  | "OUT_OF_RANGE"
  | "NOT_A_NUMBER"
  | "UNKNOWN_MODEL"
  | "UNKNOWN_SAMPLER"
  | "UNKNOWN_EMBEDDING"
  | "UNKNOWN_IMAGE"
  | "INVALID_SIZE"
  | "INVALID_GEOMETRY"
  | "INVALID_RATIO"
  | "TOO_MANY_REGIONS"
  | "UNCOVERED"
  | "UNSUPPORTED";

/**
 * A value the caller sent that breaks a rule. Raised where the value enters.
 *
 * The message reads `<path>: <rule>, got <value>`, for instance
 * `layout.regions[1].weight: must be greater than 0, got -2`.
 */
export class InvalidInputError extends Error {
  override readonly name = "InvalidInputError";

  /**
   * @param code Which kind of rule was broken.
   * @param path Where in the input the value stands; empty for the input as a whole.
   * @param value The offending value, quoted in the message.
   * @param rule The rule in words, as the predicate of a sentence: `must be at least 1`.
   */
  constructor(
    readonly code: InvalidInputCode,
    readonly path: FieldPath,
    readonly value: unknown,
    readonly rule: string,
  ) {
    super(`${formatPath(path)}: ${rule}, got ${quote(value)}`);
  }
}

/** Several broken rules of one input, all of them, in the order of the input's fields. */
export class InvalidInputErrors extends Error {
  override readonly name = "InvalidInputErrors";

  constructor(readonly problems: readonly InvalidInputError[]) {
    super(problems.map((p) => p.message).join("\n"));
  }
}

/** `["layout", "regions", 1, "weight"]` -> `layout.regions[1].weight`; the empty path is `input`. */
export function formatPath(path: FieldPath): string {
  if (path.length === 0) return "input";
  return path.map((p, i) => typeof p === "number" ? `[${p}]` : i === 0 ? p : `.${p}`).join("");
}

/** The value as it should appear in a message: strings in quotes, at most 80 characters. */
export function quote(value: unknown): string {
  if (
    typeof value === "number" || typeof value === "bigint" || typeof value === "boolean" || value === null ||
    value === undefined
  ) {
    return String(value);
  }
  return shorten(written(value));
}

/** A text as messages show it: at most 80 characters. */
export function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

/** JSON, or the kind of a value that JSON cannot hold: one that contains itself, or is nested too deep. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
