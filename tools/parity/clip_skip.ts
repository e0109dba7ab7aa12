/** Earlier layers of the text encoders, also with LoRAs: prompts and what the UNet reads of them. */

import { attempt, type CaseResult, reference, TOLERANCE } from "./case.ts";
import { loraFinder, type NamedLora } from "./lora.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";

interface ClipSkipDocument {
  readonly model: string;
  readonly cases: readonly ClipSkipCase[];
}

interface ClipSkipCase {
  readonly case: string;
  readonly prompt: string;
  readonly clip_skip: number;
  /** Merged into the text encoders; none if absent. */
  readonly loras?: readonly NamedLora[];
}

/** Encodes every prompt. */
export async function* checkClipSkip(
  document: ClipSkipDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const model = models.model(document.model);
  const applied = loraFinder(model);
  for (const { case: name, prompt, clip_skip: clipSkip, loras = [] } of document.cases) {
    yield await attempt(name, TOLERANCE.text, async () => {
      const text = await model.textEncoder(applied(loras));
      const { context } = await text.encode(prompt, "NO_NORM", clipSkip);
      const pooled = tensors.get(`${name}/text_embeds`);
      return Math.max(
        maxDifference(context.data, reference(tensors, `${name}/context`).data),
        pooled === undefined ? 0 : maxDifference(context.pooled?.data ?? [], pooled.data),
      );
    });
  }
}
