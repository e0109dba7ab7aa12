/** What a prompt says: stretches of text with weights, each with the steps at which it counts. */

/** A stretch of text with one weight. */
export interface WeightedSpan {
  /** The text itself: brackets, numbers and escapes are gone. */
  readonly text: string;
  /** The name of the textual inversion embedding that it stands for; absent for words. */
  readonly embedding?: string;
  /** 1 is plain; the product of all brackets around it. */
  readonly weight: number;
  /** Where it stands in the source, [start, end) in UTF-16 units, brackets that lie inside included. */
  readonly start: number;
  readonly end: number;
}

/** A prompt as it reads at one step, cut at every `BREAK`: each part begins a chunk of its own. At least one part. */
export type PromptParts = readonly (readonly WeightedSpan[])[];

/** When a schedule switches: a fraction of all steps, or a number of steps. */
export type SwitchPoint =
  | { readonly unit: "FRACTION"; readonly fraction: number }
  | { readonly unit: "STEP"; readonly step: number };

/** At which steps a branch counts: before or from a switch on, or every `of`-th step in turn. */
export type BranchCondition =
  | { readonly kind: "BEFORE" | "FROM"; readonly when: SwitchPoint; readonly position: number }
  | { readonly kind: "TURN"; readonly turn: number; readonly of: number };

/** One side of a schedule, or one option of an alternation. */
export interface Branch {
  readonly condition: BranchCondition;
  /** The branch that this one stands in, by index, always an earlier one; null at the top. */
  readonly parent: number | null;
}

/** What stands in a prompt, in order. `branch`: the innermost one around it, by index; null outside of all. */
export type PromptPiece =
  | ({ readonly kind: "TEXT"; readonly branch: number | null } & WeightedSpan)
  | { readonly kind: "BREAK"; readonly branch: number | null };

/** What a prompt warning is about; stable, machine-readable. */
export type PromptWarningCode =
  | "UNBALANCED_BRACKET"
  | "EMPTY_BRACKETS"
  | "MALFORMED_NUMBER"
  | "SCHEDULE_WITHOUT_TIME"
  | "MIXED_SEPARATORS"
  | "NEVER_SWITCHES"
  | "EXTRA_NETWORK"
  | "RANDOM_CHOICE"
  | "WILDCARD"
  | "WEIGHT_AS_TEXT"
  | "COMPOSITION_AS_TEXT"
  | "REGIONS_AS_TEXT"
  | "BREAK_AS_TEXT"
  | "SETTINGS_AS_TEXT"
  | "COMMENT_AS_TEXT"
  | "UNKNOWN_EMBEDDING";

/** Something in a prompt that may not mean what its author thinks. */
export interface PromptWarning {
  readonly code: PromptWarningCode;
  /** A sentence without a final period. */
  readonly message: string;
  /** Where in the source, in UTF-16 units from 0. */
  readonly position: number;
}

/** A LoRA that a prompt asks for. It is none of its words. */
export interface PromptLora {
  readonly name: string;
  readonly weight: number;
  /** Where it stands in the source, [start, end) in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** A prompt, read. Flat, so that no nesting is too deep to walk. */
export interface ParsedPrompt {
  readonly source: string;
  readonly pieces: readonly PromptPiece[];
  readonly branches: readonly Branch[];
  /** In their order, whatever brackets are around them. */
  readonly loras: readonly PromptLora[];
  /** In the order of their positions. */
  readonly warnings: readonly PromptWarning[];
}
