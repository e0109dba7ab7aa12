/** The prompts a layout stands for: its common prompt, its regions' styles and its negatives put together. */

import type { Layout } from "./layout.ts";

/** `first, second`, or the one that is not blank. */
export function joinPrompts(first: string, second: string): string {
  if (first.trim() === "") return second;
  return second.trim() === "" ? first : `${first}, ${second}`;
}

/** Prompts in the order of the weight maps: the base first, then the regions. */
export interface LayoutPrompts {
  readonly positive: readonly string[];
  /** A region without a negative prompt has the layout's. */
  readonly negative: readonly string[];
}

/** The complete prompts of the base and of every region. */
export function layoutPrompts(layout: Layout): LayoutPrompts {
  const { commonPrompt, commonNegativePrompt, basePrompt, negativePrompt, regions } = layout;
  const prompts = [basePrompt, ...regions.map(({ prompt, style }) => joinPrompts(prompt, style))];
  const negatives = [negativePrompt, ...regions.map((region) => region.negativePrompt ?? negativePrompt)];
  return {
    positive: prompts.map((prompt) => withCommon(layout, commonPrompt, prompt)),
    negative: negatives.map((prompt) => withCommon(layout, commonNegativePrompt, prompt)),
  };
}

function withCommon({ commonPlacement }: Layout, common: string, prompt: string): string {
  return commonPlacement === "PREFIX" ? joinPrompts(common, prompt) : joinPrompts(prompt, common);
}
