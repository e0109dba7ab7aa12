/** How much there is to read in a layout's prompts, and whose turn it is to read them. */

import type { LayoutSpec, RegionSpec } from "../../layout/layout.ts";
import type { SchemaContext } from "../builder.ts";
import { requireCaller, turnOf } from "../turn.ts";

/** What of a layout, sent or resolved, holds prompts. */
type Prompts =
  & Pick<LayoutSpec, "commonPrompt" | "commonNegativePrompt" | "basePrompt" | "negativePrompt">
  & {
    readonly regions?: readonly Pick<RegionSpec, "prompt" | "style" | "negativePrompt">[] | null | undefined;
  };

/**
 * Characters of all complete prompts together, nearly: common prompts count in each of them, and a negative prompt in
 * each region that has none of its own. The layout need not be valid.
 */
function promptCharacters(layout: Prompts): number {
  const regions = layout.regions ?? [];
  const common = length(layout.commonPrompt) + length(layout.commonNegativePrompt);
  const own = regions.reduce(
    (sum, { prompt, style, negativePrompt }) =>
      sum + length(prompt) + length(style) + length(negativePrompt ?? layout.negativePrompt),
    length(layout.basePrompt) + length(layout.negativePrompt),
  );
  return common * (regions.length + 1) + own;
}

/** Characters of prompts that are read in some ten milliseconds at most. */
const MANY_CHARACTERS = 10_000;

/**
 * Pays for reading a layout's prompts. Reading many holds the thread up, so others come first; and many fields may ask for
 * as much.
 * @throws {BudgetExceededError} if the operation has read enough.
 * @throws {GraphQLError} CANCELED, which nobody reads, if the caller has left.
 */
export async function beforeReading(layout: Prompts, context: SchemaContext): Promise<void> {
  const characters = promptCharacters(layout);
  turnOf(context).budget.spend("characters", characters);
  if (characters <= MANY_CHARACTERS) return;
  await new Promise((resolve) => setTimeout(resolve));
  requireCaller(context);
}

function length(text: unknown): number {
  return typeof text === "string" ? text.length : 0;
}
