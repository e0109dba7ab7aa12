/** Prompts that are too long to be read. */

import type { Layout } from "../layout/layout.ts";
import { layoutPrompts } from "../layout/prompts.ts";
import type { Fail } from "./fail.ts";
import type { RequestLimits } from "./limits.ts";

/** Characters of all prompts of a layout together: they are read on the thread that answers everybody. */
const MAX_CHARACTERS = 200_000;

/**
 * Refuses prompts, common prompts included, that are longer than this deployment accepts, each or together.
 * @returns Whether they may be read.
 */
export function checkPromptLengths(layout: Layout, { maxPromptLength }: RequestLimits, fail: Fail): boolean {
  const { positive, negative } = layoutPrompts(layout);
  const lengths = [...positive, ...negative].map((prompt) => prompt.length);
  const longest = Math.max(...lengths), all = lengths.reduce((sum, length) => sum + length, 0);
  if (longest > maxPromptLength) {
    fail("OUT_OF_RANGE", "layout", longest, `must have prompts of at most ${maxPromptLength} characters`);
  } else if (all > MAX_CHARACTERS) {
    fail("OUT_OF_RANGE", "layout", all, `must have prompts of at most ${MAX_CHARACTERS} characters together`);
  }
  return longest <= maxPromptLength && all <= MAX_CHARACTERS;
}
