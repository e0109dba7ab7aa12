/** Where a picture looks at words: tokens found in a prompt, and each level's attention to them. */

import { findWords } from "../../compute/model/find_words.ts";
import type { Unet } from "../../compute/model/unet.ts";
import { plainConditioning, regionalConditioning } from "../../compute/pipeline/conditioning.ts";
import { attempt, type CaseResult, reference, TOLERANCE, unetTolerance } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";

interface WordAttentionDocument {
  readonly model: string;
  readonly cases: readonly {
    readonly case: string;
    readonly prompt: string;
    /** Keys of contexts, that of the base prompt first. */
    readonly contexts: readonly string[];
    /** Null: plain. */
    readonly maps: string | null;
    readonly words: readonly string[];
    readonly levels: readonly number[];
  }[];
}

/** Compares the tokens of words, then prediction and attention. */
export async function* checkWordAttention(
  document: WordAttentionDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const { tokenizers } = models.model(document.model);
  for (const { case: name, prompt, words } of document.cases) {
    yield await attempt(`${name} tokens`, 1e-6, () => {
      const found = findWords(tokenizers, [[{ text: prompt, weight: 1 }]], words);
      return maxDifference(found.columns.data, reference(tensors, `${name}/tokens`).data);
    });
  }
  const unet = await models.openUnet(document.model, { wordAttention: true });
  try {
    for (const each of document.cases) yield* checkCase(each, tensors, unet);
  } finally {
    await unet.release();
  }
}

async function* checkCase(
  { case: name, contexts: keys, maps: mapsKey, levels }: WordAttentionDocument["cases"][number],
  tensors: Tensors,
  unet: Unet,
): AsyncGenerator<CaseResult> {
  const tensor = (part: string) => reference(tensors, `${name}/${part}`);
  const sample = tensor("sample");
  const [height = 0, width = 0] = sample.dims.slice(2);
  const embeds = tensors.get(`${name}/text_embeds`);
  const pooled = embeds === undefined ? null : { dims: embeds.dims.slice(1), data: embeds.data };
  const contexts = keys.map((key) => ({ ...reference(tensors, key), pooled }));
  const [base] = contexts;
  if (base === undefined) throw new RangeError(`The case ${name} has no context`);
  const maps = mapsKey === null ? null : reference(tensors, mapsKey);
  const conditioning = maps === null
    ? plainConditioning(base, height, width, unet)
    : regionalConditioning(contexts, { count: contexts.length, height, width, data: maps.data }, unet);
  const look = unet.look(sample, tensor("timestep").data[0] ?? 0, conditioning, {
    context: base,
    tokens: tensor("tokens"),
  });
  yield await attempt(
    `${name} out`,
    unetTolerance(unet),
    async () => maxDifference((await look).prediction.data, tensor("out").data),
  );
  for (const level of levels) {
    yield await attempt(
      `${name} level ${level}`,
      TOLERANCE.attention,
      async () => maxDifference((await look).attention.get(level)?.data ?? [], tensor(`level.${level}`).data),
    );
  }
}
