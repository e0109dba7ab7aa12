/** Prompts -> token ids -> contexts. */

import { type CaseResult, reference, TOLERANCE } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";

interface TextDocument {
  readonly model: string;
  readonly cases: readonly { readonly prompt: string; readonly key: string }[];
}

export async function* checkText(
  document: TextDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const encoder = await models.model(document.model).textEncoder();
  for (const { prompt, key } of document.cases) {
    const { rows, context } = await encoder.encode(prompt);
    yield {
      name: `${key} ids`,
      error: maxDifference(rows.flat(), reference(tensors, `${key}/ids`).data),
      tolerance: 0,
    };
    yield {
      name: `${key} context`,
      error: maxDifference(context.data, reference(tensors, `${key}/context`).data),
      tolerance: TOLERANCE.text,
    };
  }
}
