/** Earlier layers of the text encoders: prompts and what the UNet reads of them. */

import { attempt, type CaseResult, reference, TOLERANCE } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";

interface ClipSkipDocument {
  readonly model: string;
  readonly cases: readonly { readonly case: string; readonly prompt: string; readonly clip_skip: number }[];
}

/** Encodes every prompt. */
export async function* checkClipSkip(
  document: ClipSkipDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const text = await models.model(document.model).textEncoder();
  for (const { case: name, prompt, clip_skip: clipSkip } of document.cases) {
    yield await attempt(name, TOLERANCE.text, async () => {
      const { context } = await text.encode(prompt, "NO_NORM", clipSkip);
      return maxDifference(context.data, reference(tensors, `${name}/context`).data);
    });
  }
}
