/** Stable Diffusion XL: two text encoders side by side, a pooled embedding, and the picture's size (arXiv:2307.01952). */

import type { Tensor } from "../tensor.ts";
import { CLIP_CONFIG, penultimateState, sideBySide, summedWidth } from "./clip.ts";
import type { Family, FamilyValues, TextEncoderRole } from "./family.ts";
import { scaledLatents } from "./latent_format.ts";

/** Both read for their penultimate state (table 1). */
const ENCODERS: readonly TextEncoderRole[] = [
  {
    part: "text_encoder",
    tokenizer: "tokenizer",
    config: CLIP_CONFIG,
    outputs: penultimateState,
    embeddingKey: "clip_l",
  },
  {
    part: "text_encoder_2",
    tokenizer: "tokenizer_2",
    config: CLIP_CONFIG,
    outputs: (config) => ({ ...penultimateState(config), pooled: "text_embeds" }),
    embeddingKey: "clip_g",
  },
];

/**
 * `text_embeds` [1, P], and `time_ids` [1, 6]: the original size, the crop's corner and the target size in pixels, here
 * [H, W, 0, 0, H, W] (sec. 2.2).
 */
function textAndSize({ pooled, height, width }: FamilyValues): ReadonlyMap<string, Tensor> {
  return new Map([
    ["text_embeds", { dims: [1, pooled.data.length], data: pooled.data }],
    ["time_ids", { dims: [1, 6], data: Float32Array.of(height, width, 0, 0, height, width) }],
  ]);
}

/** Stable Diffusion XL. */
export const SDXL: Family<"SDXL"> = {
  name: "SDXL",
  title: "Stable Diffusion XL",
  // Of UNets, its trainers alone keep the names of the first releases.
  loras: {
    contextWidth: 2048,
    owns: ({ part, layer }) => part === "text_encoder_2" || /^(?:input|output)_blocks/.test(layer),
  },
  description: "Stable Diffusion XL: two text encoders and pooled embeddings.",
  recognizes: ({ textEncoders }) => textEncoders.join() === ENCODERS.map(({ part }) => part).join(),
  textEncoders: ENCODERS,
  contextWidth: summedWidth,
  join: sideBySide,
  addedInputs: { names: ["text_embeds", "time_ids"], make: textAndSize },
  latentFormat: scaledLatents,
  sampleSize: 128,
  // Steps: enough for second-order samplers (arXiv:2211.01095, sec. 7). Guidance: diffusers' `StableDiffusionXLPipeline`.
  defaults: { steps: 25, guidanceScale: 5 },
};
