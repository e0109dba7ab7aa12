/** How much there is to read in a layout's prompts. */

import type { LayoutSpec } from "../../layout/layout.ts";

/**
 * Characters of all complete prompts together, nearly: common prompts count in each of them, and a negative prompt in
 * each region that has none of its own. The layout need not be valid.
 */
export function promptCharacters(layout: LayoutSpec): number {
  const regions = layout.regions ?? [];
  const common = length(layout.commonPrompt) + length(layout.commonNegativePrompt);
  const own = regions.reduce(
    (sum, { prompt, style, negativePrompt }) =>
      sum + length(prompt) + length(style) + length(negativePrompt ?? layout.negativePrompt),
    length(layout.basePrompt) + length(layout.negativePrompt),
  );
  return common * (regions.length + 1) + own;
}

function length(text: unknown): number {
  return typeof text === "string" ? text.length : 0;
}
