/** What a prompt may not ask for, though it can be read. */

import { type FieldPath, InvalidInputError } from "../../errors.ts";
import type { PromptEmphasis } from "../layout.ts";
import type { ParsedPrompt } from "./prompt.ts";
import { partsKey, promptSchedule } from "./schedule.ts";

/**
 * Beyond ten times its length a token's state drowns all others. Below zero a word is taken out of the picture; Compel has
 * no such weights.
 */
const PROMPT_WEIGHT: Readonly<Record<PromptEmphasis, { readonly min: number; readonly max: number }>> = {
  NO_NORM: { min: -10, max: 10 },
  A1111: { min: -10, max: 10 },
  COMFY: { min: -10, max: 10 },
  COMPEL: { min: 0, max: 10 },
};

/** Every reading of a prompt is encoded before the first step, and kept: so many of one prompt ... */
const MAX_READINGS = 32;

/**
 * ... and so many characters in all readings of all prompts that change, or that COMPEL encodes several times: 0.4 GB of
 * SDXL's contexts.
 */
const MAX_READ_CHARACTERS = 200_000;

/**
 * The first weight outside of {@link PROMPT_WEIGHT}, all brackets around it multiplied; null if there is none.
 * @param path Of the field that holds the prompt.
 */
export function weightProblem(
  { pieces }: ParsedPrompt,
  emphasis: PromptEmphasis,
  path: FieldPath,
): InvalidInputError | null {
  const { min, max } = PROMPT_WEIGHT[emphasis];
  for (const piece of pieces) {
    if (piece.kind === "BREAK" || (piece.weight >= min && piece.weight <= max)) continue;
    const under = emphasis === "COMPEL" ? " under the emphasis COMPEL" : "";
    const rule = `must have weights from ${min} to ${max}${under}, the text at position ${piece.start} has another`;
    return new InvalidInputError("OUT_OF_RANGE", path, piece.weight, rule);
  }
  return null;
}

/** Counts what the prompts of one layout read in the course of a generation. */
export class ReadingBudget {
  #characters = 0;

  constructor(private readonly steps: number, private readonly emphasis: PromptEmphasis = "NO_NORM") {}

  /**
   * What is wrong with a further prompt: it reads in too many ways, or all of them together read too much.
   * @param path Of the field that holds the prompt.
   */
  spend(parsed: ParsedPrompt, path: FieldPath): InvalidInputError | null {
    // Past the limit, which is reported once, there is nothing more to count.
    if (this.#characters > MAX_READ_CHARACTERS) return null;
    const blends = this.emphasis === "COMPEL" &&
      parsed.pieces.some((piece) => piece.kind === "TEXT" && piece.weight < 1);
    if (parsed.branches.length === 0 && !blends) return null;
    const windows = promptSchedule(parsed, this.steps);
    const readings = new Map(windows.map(({ parts }) => [partsKey(parts), parts]));
    if (readings.size > MAX_READINGS) {
      const rule = `must read in at most ${MAX_READINGS} ways over the ${this.steps} steps`;
      return new InvalidInputError("OUT_OF_RANGE", path, readings.size, rule);
    }
    for (const part of [...readings.values()].flat()) {
      const characters = part.reduce((sum, { text }) => sum + text.length, 0);
      this.#characters += characters * (blends ? 1 + part.filter(({ weight }) => weight < 1).length : 1);
    }
    if (this.#characters <= MAX_READ_CHARACTERS) return null;
    const rule =
      `must, with all prompts before it that change or are blended, read at most ${MAX_READ_CHARACTERS} characters`;
    return new InvalidInputError("OUT_OF_RANGE", path, this.#characters, rule);
  }
}
