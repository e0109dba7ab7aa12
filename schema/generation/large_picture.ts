/** What large pictures take: windows, and a second pass; as they are asked for and as they are told. */

import type { SecondPass } from "../../compute/pipeline/request.ts";
import type { WindowGrid } from "../../compute/windows.ts";
import { builder } from "../builder.ts";

const LatentUpscale = builder.enumType("Upscale", {
  description: "What a second pass enlarges.",
  values: {
    PIXEL: { value: "pixel", description: "The first pass's picture, which is decoded and encoded for it: sharper." },
    LATENT: { value: "latent", description: "Its latents, bilinearly: at no cost, blurred unless `strength` is high." },
  } as const,
});

/** The windows of a request. */
export const WindowsInput = builder.inputType("WindowsInput", {
  description:
    "Predicts a large picture by overlapping windows, each of which sees its own part of the layout. Time grows with the picture's area, memory with the window.",
  fields: (t) => ({
    size: t.int({
      description:
        "Edge in pixels, a multiple of the model's `capabilities.sizeMultiple`, at least half its native size, which is the default.",
    }),
    overlap: t.int({
      description:
        "By how many pixels neighbours overlap at least, over which they blend: a multiple of `capabilities.sizeMultiple`, at most three quarters of the size. Default: a quarter.",
    }),
  }),
});

/** The second pass of a request. */
export const SecondPassInput = builder.inputType("SecondPassInput", {
  description: "Enlarges the picture, makes a part of it noise and denoises it again, by the layout at the new size.",
  fields: (t) => ({
    scale: t.float({
      required: true,
      description:
        "How many times as wide and high the finished picture is, more than 1. `width` and `height` are the first pass's.",
    }),
    upscale: t.field({ type: LatentUpscale, description: "What is enlarged. Default PIXEL." }),
    strength: t.float({
      description:
        "How much is noise at its start, more than 0 to 1: the share of the steps that it takes. Default 0.5.",
    }),
    steps: t.int({ description: "Denoising steps of which that share is taken. Default: the first pass's." }),
  }),
});

/** What a generation was predicted by. */
export const GenerationWindows = builder.objectRef<WindowGrid>("GenerationWindows").implement({
  description: "The windows that a picture is predicted by.",
  fields: (t) => ({
    size: t.exposeInt("size", { description: "Edge in pixels." }),
    overlap: t.exposeInt("overlap", { description: "Pixels by which neighbours overlap at least." }),
  }),
});

/** A generation's second pass. */
export const GenerationSecondPass = builder.objectRef<SecondPass>("GenerationSecondPass").implement({
  description: "A second pass at a larger size.",
  fields: (t) => ({
    scale: t.exposeFloat("scale", { description: "How many times as wide and high the finished picture is." }),
    upscale: t.field({
      type: LatentUpscale,
      description: "What was enlarged.",
      resolve: ({ upscale }) => upscale,
    }),
    strength: t.exposeFloat("strength", { description: "How much was noise at its start, more than 0 to 1." }),
    steps: t.exposeInt("steps", { description: "Denoising steps of which that share is taken." }),
  }),
});
