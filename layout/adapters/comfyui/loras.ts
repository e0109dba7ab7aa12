/** LoRAs on the line of a sampler's model, which are the whole picture's. */

import type { LoraUse } from "../../lora_use.ts";
import { loraNameOf } from "../lora_file.ts";
import { LOADERS } from "./encoders.ts";
import type { ComfyNode } from "./node.ts";
import type { Reading } from "./reading.ts";
import { numberOf, type Scalars } from "./scalars.ts";

/** Inputs with the strengths, as `LoraLoader` and loaders of whole models call them. */
const STRENGTHS = { model: ["strength_model", "lora_model_strength"], clip: ["strength_clip", "lora_clip_strength"] };

/**
 * The LoRA that a node loads, if it says which and how much of it; one that cannot be worked out, or changes no UNet, will
 * be named. There the UNet and the text encoders have a strength each: here the UNet's is both's, with a warning where they
 * differ.
 */
export function readLora(reading: Reading, scalars: Scalars, node: ComfyNode): LoraUse | undefined {
  if (!node.inputs.has("lora_name")) return undefined;
  const lora = reading.attempt(() => loraOf(scalars, node), (made) => made === undefined || made.model === 0);
  if (lora === undefined || lora.model === 0) return undefined;
  const { name, model } = lora;
  const clip = encodes(reading, node) ? lora.clip : 0;
  if (clip !== model) {
    const message = `${name} weighs ${model} in the UNet and ${clip} in the text encoders; here it is ${model} in both`;
    reading.findings.warn("SETTING_APPROXIMATED", reading.at(node), message);
  }
  return { name, weight: model };
}

interface LoadedLora {
  readonly name: string;
  readonly model: number;
  readonly clip: number;
}

function loraOf(scalars: Scalars, node: ComfyNode): LoadedLora | undefined {
  const file = scalars.setting(node, "lora_name");
  if (typeof file !== "string" || file === "None") return undefined;
  const strength = (names: readonly string[]) => {
    const name = names.find((own) => node.inputs.has(own));
    return name === undefined ? 0 : numberOf(scalars.setting(node, name));
  };
  const model = strength(STRENGTHS.model), clip = strength(STRENGTHS.clip);
  return model === undefined || clip === undefined ? undefined : { name: loraNameOf(file), model, clip };
}

/** Whether prompts are encoded with what a node makes of the text encoders, its second output. */
function encodes({ graph }: Reading, { id, type }: ComfyNode): boolean {
  if (LOADERS.has(type)) return true;
  return [...graph.values()].some(({ inputs }) =>
    [...inputs.values()].some((input) => "link" in input && input.link.node === id && input.link.slot === 1)
  );
}
