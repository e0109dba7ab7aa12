/** UNet calls with LoRAs, of the whole picture and of single regions, two at once, from the prompts' text. */

import { LoraLibrary } from "../../compute/lora/lora_library.ts";
import type { AppliedLora } from "../../compute/lora/merge_loras.ts";
import { plainConditioning, regionalConditioning } from "../../compute/pipeline/conditioning.ts";
import { placesOf } from "../../compute/pipeline/request_loras.ts";
import type { DiffusionModel } from "../../compute/model/model.ts";
import type { PromptContext } from "../../compute/model/text_conditioner.ts";
import { attempt, type CaseResult, reference, TOLERANCE } from "./case.ts";
import type { ParityModels } from "./models.ts";
import { maxDifference, type Tensors } from "./reference.ts";
import { weightMaps } from "./steps.ts";

interface LoraDocument {
  readonly model: string;
  readonly mode: "lora";
  readonly cases: readonly LoraCase[];
}

/** A LoRA of the model's folder, as documents name it. */
export interface NamedLora {
  readonly name: string;
  readonly weight: number;
}

/** Finds the LoRAs of a model's folder. */
export function loraFinder(
  { config, capabilities: { family } }: DiffusionModel,
): (loras: readonly NamedLora[]) => readonly AppliedLora[] {
  const library = new LoraLibrary(null);
  return (loras) => loras.map(({ name, weight }) => ({ lora: library.find(name, { config, family }), weight }));
}

interface LoraCase {
  readonly case: string;
  /** The base's, then the regions'. */
  readonly prompts: readonly string[];
  /** Of the whole picture. */
  readonly loras: readonly NamedLora[];
  /** Of each prompt alone. */
  readonly regions: readonly (readonly NamedLora[])[];
  readonly regional: "CONTEXT_ONLY" | "WEIGHTED" | null;
}

/** Compares the contexts where the reference holds them, and the prediction. */
export async function* checkLora(
  document: LoraDocument,
  tensors: Tensors,
  models: ParityModels,
): AsyncGenerator<CaseResult> {
  const model = models.model(document.model);
  const applied = loraFinder(model);
  for (const item of document.cases) {
    const contexts: PromptContext[] = [];
    yield await attempt(`${item.case} contexts`, TOLERANCE.text, async () => {
      let error = 0;
      for (const [i, prompt] of item.prompts.entries()) {
        const own = applied(item.regions[i] ?? []);
        const text = await model.textEncoder([...applied(item.loras), ...own]);
        const { context } = await text.encode(prompt);
        contexts.push({ ...context, loras: own });
        const expected = tensors.get(`${item.case}/context.${i}`);
        if (expected !== undefined) error = Math.max(error, maxDifference(context.data, expected.data));
        const pooled = tensors.get(`${item.case}/text_embeds.${i}`);
        if (pooled !== undefined) error = Math.max(error, maxDifference(context.pooled?.data ?? [], pooled.data));
      }
      return error;
    });
    yield await attempt(
      `${item.case} prediction`,
      TOLERANCE.unet,
      () => predict(item, tensors, model, contexts, applied),
    );
  }
}

async function predict(
  item: LoraCase,
  tensors: Tensors,
  model: DiffusionModel,
  contexts: readonly PromptContext[],
  applied: (loras: readonly NamedLora[]) => readonly AppliedLora[],
): Promise<number> {
  const tensor = (key: string) => reference(tensors, `${item.case}/${key}`);
  const places = item.regional === "WEIGHTED" ? placesOf(item.regions.map(applied)) : [];
  const unet = await model.unet(applied(item.loras), places);
  const sample = tensor("sample");
  const [timestep = 0] = tensor("timestep").data;
  const [height = 0, width = 0] = sample.dims.slice(2);
  const [base] = contexts;
  if (base === undefined) throw new RangeError("Cannot run a case without prompts");
  const conditioning = item.regional === null
    ? plainConditioning(base, height, width, unet)
    : regionalConditioning(contexts, weightMaps(tensor("maps")), unet);
  const out = await unet.predict(sample, timestep, conditioning);
  return maxDifference(out.data, tensor("out").data);
}
