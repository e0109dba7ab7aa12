/** A LoRA that is wanted, as callers name it and as everything else reads it. */

/** A LoRA and how much of it is wanted. */
export interface LoraUse {
  /** The name of its file, without the ending. */
  readonly name: string;
  /** 1 is the whole of it. */
  readonly weight: number;
}

/** A LoRA as callers send it. */
export interface LoraSpec {
  readonly name: string;
  /** Default 1. */
  readonly weight?: number | null | undefined;
}

/**
 * What becomes of those layers of a region's LoRA that do not act on its prompt alone: they are left out, added where the
 * region has weight as far as they act on each place by itself, or not accepted.
 */
export type RegionalLora = "CONTEXT_ONLY" | "WEIGHTED" | "REFUSE";
