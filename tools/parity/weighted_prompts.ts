/** Prompts with weights, embeddings and `BREAK` -> what they say, their ids and their weighted contexts. */

import { parsePrompt } from "../../layout/prompt/parse.ts";
import { partsKey, promptAt } from "../../layout/prompt/schedule.ts";
import { attempt, type CaseResult, reference, TOLERANCE } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";

interface WeightedPromptsDocument {
  readonly model: string;
  readonly cases: readonly {
    readonly prompt: string;
    readonly key: string;
    /** What the prompt says: [text, weight] by part. */
    readonly parts: readonly (readonly (readonly [text: string, weight: number])[])[];
  }[];
}

/** Compares what a prompt says, the ids of every tokenizer, the context, and the pooled embedding if there is one. */
export async function* checkWeightedPrompts(
  document: WeightedPromptsDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const encoder = await models.model(document.model).textEncoder();
  for (const { prompt, key, parts } of document.cases) {
    const tensor = (name: string) => reference(tensors, `${key}/${name}`);
    const read = promptAt(parsePrompt(prompt, "WEIGHTED"), 0, 1);
    yield await attempt(`${key} parts`, TOLERANCE.promptWeight, () => {
      const expected = parts.map((part) => part.map(([text, weight]) => ({ text, weight })));
      const plain = (spans: typeof expected) => partsKey(spans.map((part) => part.map((s) => ({ ...s, weight: 1 }))));
      const said = read.map((part) => part.map(({ text, weight }) => ({ text, weight })));
      if (plain(said) !== plain(expected)) return `it reads as ${partsKey(said)}`;
      const weights = (spans: typeof expected) => spans.flat().map(({ weight }) => weight);
      return maxDifference(weights(said), weights(expected));
    });
    for (const [i, name] of ["ids", "ids_2"].entries()) {
      if (!tensors.has(`${key}/${name}`)) continue;
      yield await attempt(
        `${key} ${name}`,
        0,
        async () => maxDifference((await encoder.encode(read)).rows[i]?.flat() ?? [], tensor(name).data),
      );
    }
    yield await attempt(
      `${key} context`,
      TOLERANCE.weightedText,
      async () => maxDifference((await encoder.encode(read)).context.data, tensor("context").data),
    );
    if (!tensors.has(`${key}/text_embeds`)) continue;
    yield await attempt(
      `${key} pooled`,
      TOLERANCE.weightedText,
      async () => maxDifference((await encoder.encode(read)).context.pooled?.data ?? [], tensor("text_embeds").data),
    );
  }
}
