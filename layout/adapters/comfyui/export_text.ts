/** Prompts of a layout in ComfyUI's syntax, in which brackets hold weights and nothing else. */

import type { ParsedPrompt, WeightedSpan } from "../../prompt/prompt.ts";
import { promptAt } from "../../prompt/schedule.ts";

/** A prompt that changes over the steps is written as it reads at the first of this many. */
const STEPS = 1_000;

/** The texts of a prompt's chunks, each to be encoded on its own, and whether they change over the steps. */
export function comfyPrompt(prompt: ParsedPrompt): { readonly chunks: readonly string[]; readonly changes: boolean } {
  const chunks = promptAt(prompt, 0, STEPS).map((part) => part.map(written).join(""));
  return { chunks, changes: prompt.branches.length > 0 };
}

function written({ text, weight }: WeightedSpan): string {
  const escaped = text.replace(/[()]/g, "\\$&");
  return weight === 1 || text === "" ? escaped : `(${escaped}:${decimal(weight)})`;
}

/** Without an exponent, which is not read as a number there. */
function decimal(weight: number): string {
  const text = String(weight);
  return text.includes("e") ? weight.toFixed(20) : text;
}
