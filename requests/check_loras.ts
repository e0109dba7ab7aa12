/** LoRAs that there are not, that are for another model, or that do more than a region may. */

import type { UsableModel } from "../compute/model/catalog.ts";
import { UnknownLoraError, type UsableLora } from "../compute/lora/lora_library.ts";
import { type InvalidInputError, quote } from "../errors.ts";
import type { Layout } from "../layout/layout.ts";
import type { LoraUse, RegionalLora } from "../layout/lora_use.ts";
import { LORA_WEIGHT, placedLoras } from "../layout/loras.ts";
import { resolveLoras } from "../layout/resolve/resolve_loras.ts";
import { Problems } from "../problems.ts";
import type { Fail } from "./fail.ts";
import type { KnownModels } from "./known_models.ts";

/** The most LoRAs that a picture may have, those of prompts included: each takes memory beside the model. */
const MAX_OF_PICTURE = 32;

/** The list of a request, read; problems are noted. */
export function readLoras(spec: unknown, problems: InvalidInputError[]): readonly LoraUse[] {
  const found = new Problems();
  const loras = resolveLoras(spec, ["input", "loras"], found);
  problems.push(...found.found);
  return loras;
}

/** What of a request LoRAs are checked against. */
export interface LoraSurroundings {
  readonly catalog: KnownModels;
  readonly model: UsableModel;
  readonly regionalLora: RegionalLora;
}

/** Notes every LoRA that cannot be had, at its place. Regions that are not enabled are checked like the others. */
export function checkLoras(
  whole: readonly LoraUse[],
  layout: Layout,
  { catalog, model, regionalLora }: LoraSurroundings,
  fail: Fail,
): void {
  const placed = placedLoras(layout);
  if (whole.length + placed.length > MAX_OF_PICTURE) {
    fail("OUT_OF_RANGE", "layout", whole.length + placed.length, `must have at most ${MAX_OF_PICTURE} LoRAs in all`);
    return;
  }
  const find = loraFinder(catalog, model);
  whole.forEach(({ name }, i) => {
    const found = find(name);
    if (found instanceof Error) fail(codeOf(found), ["loras", i, "name"], name, ruleOf(found));
  });
  for (const { name, weight, path, position, scope } of placed) {
    const field = ["layout", ...path, ...(position === null ? ["name"] : [])];
    const at = position === null ? "" : `, at position ${position}`;
    if (scope === "NEGATIVE") {
      fail("UNSUPPORTED", field, `<lora:${name}>`, `must name no LoRA${at}: negative prompts have those of the others`);
      continue;
    }
    if (!(weight >= LORA_WEIGHT.min && weight <= LORA_WEIGHT.max)) {
      const rule = `must have weights of LoRAs from ${LORA_WEIGHT.min} to ${LORA_WEIGHT.max}${at}`;
      fail("OUT_OF_RANGE", field, weight, rule);
    }
    const found = find(name);
    if (found instanceof Error) fail(codeOf(found), field, name, ruleOf(found) + at);
    else if (regionalLora === "REFUSE" && typeof scope === "number") {
      const more = found.plan.layers.filter(({ kind }) => kind === "PLACE" || kind === "OTHER").length;
      if (more === 0) continue;
      const rule =
        `must name LoRAs of text encoders and of keys and values of prompts alone while regionalLora is REFUSE; this one changes ${more} other layers`;
      fail("UNSUPPORTED", field, name, rule + at);
    }
  }
}

/** A LoRA of a model by name, or why there is none; each is looked up once. */
export function loraFinder(catalog: KnownModels, model: UsableModel): (name: string) => UsableLora | Error {
  const known = new Map<string, UsableLora | Error>();
  const find = (name: string) => {
    try {
      return catalog.loras.find(name, { config: model.config, family: model.capabilities.family });
    } catch (error) {
      if (error instanceof Error) return error;
      throw error;
    }
  };
  return (name) => {
    const found = known.get(name) ?? find(name);
    known.set(name, found);
    return found;
  };
}

function codeOf(error: Error): "UNKNOWN_LORA" | "UNSUPPORTED" {
  return error instanceof UnknownLoraError ? "UNKNOWN_LORA" : "UNSUPPORTED";
}

function ruleOf(error: Error): string {
  if (error instanceof UnknownLoraError) {
    const { nearest } = error;
    return `must be the name of a LoRA, ${
      nearest.length === 0 ? "and there are none" : `the nearest are ${nearest.map(quote).join(", ")}`
    }`;
  }
  return `must be a LoRA that the model can use; ${error.message}`;
}
