/** What is wrong with a layout's prompts, field by field. */

import type { FieldPath, InvalidInputError } from "../errors.ts";
import type { Layout } from "./layout.ts";
import { ReadingBudget, weightProblem } from "./prompt/check.ts";
import { parsePrompt } from "./prompt/parse.ts";
import { promptFields } from "./prompt_fields.ts";
import { parsedPrompts } from "./prompts.ts";

/**
 * The weights outside of `PROMPT_WEIGHT`, at the field that holds them, and the prompts that read in more than 32 ways over
 * the steps, or with which all that change read more than 200,000 characters.
 * @param steps Null where their number is not known: the ways are then not counted.
 * @param path Where the layout stands in the caller's input.
 */
export function promptProblems(
  layout: Layout,
  steps: number | null,
  path: FieldPath = ["layout"],
): readonly InvalidInputError[] {
  if (layout.promptSyntax === "PLAIN") return [];
  const weights = promptFields(layout).flatMap(([text, ...field]) =>
    weightProblem(parsePrompt(text, layout.promptSyntax), layout.emphasis, [...path, ...field]) ?? []
  );
  if (steps === null || weights.length > 0) return weights;
  const { positive, negative } = parsedPrompts(layout);
  const budget = new ReadingBudget(steps, layout.emphasis);
  const at = (i: number, field: string, base: string) => i === 0 ? [...path, base] : [...path, "regions", i - 1, field];
  return [
    ...positive.flatMap((prompt, i) => budget.spend(prompt, at(i, "prompt", "basePrompt")) ?? []),
    ...negative.flatMap((prompt, i) => {
      const inherited = i > 0 && layout.regions[i - 1]?.negativePrompt === null;
      return inherited ? [] : budget.spend(prompt, at(i, "negativePrompt", "negativePrompt")) ?? [];
    }),
  ];
}
