/** Stable Diffusion 1 and 2: one text encoder, and nothing beside its states. */

import { CLIP_CONFIG, lastState, sideBySide, summedWidth } from "./clip.ts";
import type { Family, FamilyMarks, TextEncoderRole } from "./family.ts";
import { scaledLatents } from "./latent_format.ts";

/**
 * CLIP ViT-L/14 (arXiv:2112.10752) or OpenCLIP ViT-H, both for their last state. Files of embeddings hold one tensor, called
 * `emb_params` by AUTOMATIC1111's trainers, and by the token that it stands for in diffusers (`learned_embeds.safetensors`).
 */
const ENCODER: TextEncoderRole = {
  part: "text_encoder",
  tokenizer: "tokenizer",
  config: CLIP_CONFIG,
  outputs: lastState,
  embeddingKey: null,
};

const ANY_VERSION = {
  textEncoders: [ENCODER],
  contextWidth: summedWidth,
  join: sideBySide,
  addedInputs: null,
  latentFormat: scaledLatents,
  sampleSize: 64,
  // Steps: enough for second-order samplers (arXiv:2211.01095, sec. 7). Guidance: diffusers' `StableDiffusionPipeline`.
  defaults: { steps: 25, guidanceScale: 7.5 },
} as const satisfies Partial<Family>;

/** Linear projections around attention set version 2 apart from 1 (`use_linear_projection` in `unet/config.json`). */
function isVersion(linear: boolean, { textEncoders, unet }: FamilyMarks): boolean {
  return textEncoders.join() === ENCODER.part && (unet.use_linear_projection === true) === linear;
}

/** Stable Diffusion 1. */
export const SD1: Family<"SD1"> = {
  ...ANY_VERSION,
  name: "SD1",
  title: "Stable Diffusion 1",
  loras: { contextWidth: 768, owns: () => false },
  description: "Stable Diffusion 1: one text encoder.",
  recognizes: (marks) => isVersion(false, marks),
};

/** Stable Diffusion 2. */
export const SD2: Family<"SD2"> = {
  ...ANY_VERSION,
  name: "SD2",
  title: "Stable Diffusion 2",
  loras: { contextWidth: 1024, owns: () => false },
  description: "Stable Diffusion 2: one text encoder, linear projections.",
  recognizes: (marks) => isVersion(true, marks),
};
