/** The prompts a layout stands for, once its common prompt is put before them. */

import type { Layout } from "./layout.ts";

/** `common, prompt`, or the one that is not blank. */
export function joinPrompt(common: string, prompt: string): string {
  if (common.trim() === "") return prompt;
  return prompt.trim() === "" ? common : `${common}, ${prompt}`;
}

/** Prompts in the order of the weight maps: the base first, then the regions. */
export interface LayoutPrompts {
  readonly positive: readonly string[];
  /** A region without a negative prompt has the layout's. The common prompt is not put before negatives. */
  readonly negative: readonly string[];
}

/** The complete prompts of the base and of every region. */
export function layoutPrompts(layout: Layout): LayoutPrompts {
  const { commonPrompt, basePrompt, negativePrompt, regions } = layout;
  return {
    positive: [basePrompt, ...regions.map((r) => r.prompt)].map((prompt) => joinPrompt(commonPrompt, prompt)),
    negative: [negativePrompt, ...regions.map((r) => r.negativePrompt ?? negativePrompt)],
  };
}
