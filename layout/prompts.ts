/** The prompts a layout stands for: its common prompt, its regions' styles and its negatives put together. */

import type { Layout } from "./layout.ts";
import { joinParsed, joinText } from "./prompt/join.ts";
import { parsePrompt } from "./prompt/parse.ts";
import type { ParsedPrompt } from "./prompt/prompt.ts";

/** Prompts in the order of the weight maps: the base first, then the regions. */
export interface LayoutPrompts<P = string> {
  readonly positive: readonly P[];
  /** A region without a negative prompt has the layout's. */
  readonly negative: readonly P[];
}

/** The complete prompts of the base and of every region. */
export function layoutPrompts(layout: Layout): LayoutPrompts {
  return assemble(layout, (text) => text, joinText);
}

/**
 * The same prompts, read under the layout's syntax. Each field is read on its own, so that an open bracket in the common
 * prompt cannot close in a region's.
 */
export function parsedPrompts(layout: Layout): LayoutPrompts<ParsedPrompt> {
  return assemble(layout, (text) => parsePrompt(text, layout.promptSyntax), joinParsed);
}

function assemble<P>(layout: Layout, read: (text: string) => P, join: (first: P, second: P) => P): LayoutPrompts<P> {
  const { regions } = layout;
  const common = read(layout.commonPrompt), commonNegative = read(layout.commonNegativePrompt);
  const negative = read(layout.negativePrompt);
  const placed = (common: P, prompt: P) =>
    layout.commonPlacement === "PREFIX" ? join(common, prompt) : join(prompt, common);
  const prompts = [read(layout.basePrompt), ...regions.map(({ prompt, style }) => join(read(prompt), read(style)))];
  const negatives = [
    negative,
    ...regions.map(({ negativePrompt }) => negativePrompt === null ? negative : read(negativePrompt)),
  ];
  return {
    positive: prompts.map((prompt) => placed(common, prompt)),
    negative: negatives.map((prompt) => placed(commonNegative, prompt)),
  };
}
