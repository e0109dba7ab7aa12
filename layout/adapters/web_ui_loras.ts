/**
 * LoRAs in prompts of web UIs: `<lora:name:0.8>` and its longer forms, as this project's prompts write them. What those mean
 * was read from `modules/extra_networks.py` and `extensions-builtin/Lora/extra_networks_lora.py` of AUTOMATIC1111's
 * stable-diffusion-webui; nothing of it is copied.
 */

import type { LoraUse } from "../lora_use.ts";
import type { Source } from "./adapted.ts";

/** What a web UI reads as an extra network, not as text. */
const EXTRA_NETWORK = /<(lora|lyco|hypernet):([^<>]*)>/gi;

/** The same weight for the text encoder and for the UNet may be written twice, by place or by name. */
const WEIGHT = /^(?:(te|unet)=)?([+-]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9}))$/;

/** What this project's prompts can call a LoRA. */
const NAME = /^[^<>:\n]{1,200}$/u;

/**
 * A prompt whose LoRAs are written as here, `<lora:name:weight>`; what has no counterpart is left out, with a warning.
 * @param at Where the prompt begins in its source.
 * @param negative Whether it is a negative prompt, which has no LoRAs: those of the prompts act on it as well.
 */
export function withLoras(prompt: string, source: Source, at: number, negative: boolean): string {
  return prompt.replace(EXTRA_NETWORK, (network: string, kind: string, said: string, offset: number) => {
    const leftOut = (reason: string) => {
      source.warn("LORA_LEFT_OUT", `${network} was left out: ${reason}`, at + offset);
      return "";
    };
    if (kind.toLowerCase() === "hypernet") return leftOut("there are no hypernetworks here");
    if (negative) return leftOut("negative prompts have no LoRAs, those of the prompts act on them as well");
    const [name = "", ...others] = said.split(":");
    if (!NAME.test(name)) return leftOut("it names no LoRA");
    const [first, second, ...more] = others.map((text) => WEIGHT.exec(text.trim()));
    if (first === null || second === null || more.length > 0) return leftOut("it says more than a name and a weight");
    const [text, unet] = first?.[1] === "unet" ? [second?.[2], first[2]] : [first?.[2], second?.[2] ?? first?.[2]];
    const weight = unet ?? "1";
    if (Number(text ?? "1") !== Number(weight)) {
      const message = `${network} weighs ${
        text ?? 1
      } in the text encoder and ${weight} in the UNet; here it is ${weight}`;
      source.warn("SETTING_APPROXIMATED", message, at + offset);
    }
    return first === undefined ? `<lora:${name}>` : `<lora:${name}:${weight}>`;
  });
}

/** LoRAs as prompts of web UIs, and those here, have them. */
export function writtenLoras(loras: readonly LoraUse[]): string {
  return loras.map(({ name, weight }) => `<lora:${name}:${weight}>`).join(" ");
}
