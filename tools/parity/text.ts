/** Prompts -> token ids -> contexts and pooled embeddings. */

import { attempt, type CaseResult, reference, TOLERANCE } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";

interface TextDocument {
  readonly model: string;
  readonly cases: readonly { readonly prompt: string; readonly key: string }[];
}

/** Compares the ids of every tokenizer, the context, and row 0 of the pooled embeddings where the model has any. */
export async function* checkText(
  document: TextDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const encoder = await models.model(document.model).textEncoder();
  for (const { prompt, key } of document.cases) {
    const tensor = (name: string) => reference(tensors, `${key}/${name}`);
    const encode = () => encoder.encode(prompt);
    for (const [i, name] of ["ids", "ids_2"].entries()) {
      if (!tensors.has(`${key}/${name}`)) continue;
      yield await attempt(
        `${key} ${name}`,
        0,
        async () => maxDifference((await encode()).rows[i]?.flat() ?? [], tensor(name).data),
      );
    }
    yield await attempt(
      `${key} context`,
      TOLERANCE.text,
      async () => maxDifference((await encode()).context.data, tensor("context").data),
    );
    if (!tensors.has(`${key}/text_embeds`)) continue;
    yield await attempt(`${key} pooled`, TOLERANCE.text, async () => {
      const pooled = (await encode()).context.pooled?.data ?? [];
      return maxDifference(pooled, tensor("text_embeds").data.subarray(0, pooled.length || 1));
    });
  }
}
