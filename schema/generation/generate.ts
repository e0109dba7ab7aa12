/** Asking for a generation. */

import { builder } from "../builder.ts";
import { acceptOnce, REFUSALS } from "./accept.ts";
import { LoraInput, REGIONAL_LORA, RegionalLoraEnum, WHOLE_LORAS } from "../model/lora_input.ts";
import { Generation, RegionModeEnum } from "./generation.ts";
import { ImageFormatEnum } from "../image.ts";
import { LayoutInput } from "../layout/layout_input.ts";
import { SecondPassInput, WindowsInput } from "./large_picture.ts";
import { requireInpaintingInput } from "../../requests/inpainting_input.ts";
import { resolveInput } from "./resolve_input.ts";
import { SavedLayoutInput } from "../layout/saved_layout.ts";

const PreviewMethodEnum = builder.enumType("PreviewMethod", {
  description: "How previews are made.",
  values: {
    LINEAR: { value: "linear", description: "By a linear map of the latents, at next to no cost." },
    AUTOENCODER: {
      value: "autoencoder",
      description:
        "By the model's tiny autoencoder, sharper, at the cost of a decode for each step whose preview a subscriber takes; by the linear map for the others. Where the model has one.",
    },
  } as const,
});

const GenerateInput = builder.inputType("GenerateInput", {
  description: "What to paint.",
  fields: (t) => ({
    layout: t.field({
      type: LayoutInput,
      description: "Which prompt goes where. Exactly one of this and `savedLayout` is set.",
    }),
    savedLayout: t.field({
      type: SavedLayoutInput,
      description: "Or a saved layout, of which the generation keeps the version.",
    }),
    model: t.string({ description: "A model's name. Default: the first usable one." }),
    width: t.int({
      description:
        "Pixels, a multiple of the model's `capabilities.sizeMultiple`. Default: by the layout's aspect, else its native size.",
    }),
    height: t.int({
      description:
        "Pixels, a multiple of the model's `capabilities.sizeMultiple`. Default: by the layout's aspect, else its native size.",
    }),
    steps: t.int({ description: "Denoising steps. Default: the model's." }),
    sampler: t.string({ description: "Any name or alias from `samplers`. Default: the model's own." }),
    schedule: t.string({ description: "A noise schedule, for instance `karras`. Default: the model's own." }),
    guidanceScale: t.float({
      description: "How strongly prompts are followed, 0 to 100; 1 is none. Default: the model's.",
    }),
    guidanceStart: t.float({
      description: "Guide only from this fraction of the steps on; unguided steps cost half. Default 0.",
    }),
    guidanceEnd: t.float({ description: "Guide only up to this fraction of the steps. Default 1." }),
    previews: t.field({ type: PreviewMethodEnum, description: "How previews are made. Default LINEAR." }),
    seed: t.field({ type: "Seed", description: "Default: a random one, which the answer tells." }),
    count: t.int({
      description:
        "How many pictures, 1 to `PARTERRE_MAX_PICTURES`: of this seed, and of those after it. They are painted one after the other; `pictures` has them all. Default 1.",
    }),
    clipSkip: t.int({
      description:
        "Which layer of the text encoders is read, as model pages count: 1 is the one that the model was trained with, 2 the one before it. diffusers' `clip_skip` is one less. Default 1.",
    }),
    initImage: t.string({
      description:
        "A picture to start from in place of noise: the `id` or `url` that `uploadImage` answered, or the URL of a generation's picture. It is resized to the picture's size, which by default is its own.",
    }),
    strength: t.float({
      description:
        "How much of `initImage` is noise at the start, more than 0 to 1: the share of the steps that is taken, the last ones. Default: 0.8; with a mask 1, which paints it wholly anew.",
    }),
    maskImage: t.string({
      description:
        "What of `initImage` is painted anew, by an uploaded image of its aspect: where it is white. Black stays as it is, pixel by pixel. Default: everything.",
    }),
    maskRegion: t.string({
      description:
        "Or by the name of a region of the layout, enabled or not, with its feather: its place is painted anew.",
    }),
    maskInverted: t.boolean({ description: "Paint anew everything but the mask. Default false." }),
    maskFeather: t.float({
      description:
        "Softens the mask's border, over which the painted and what was there blend: the standard deviation of a Gaussian in fractions of the picture's short edge, 0 to 0.5. Default 0.",
    }),
    variationSeed: t.field({
      type: "Seed",
      description: "Another seed, towards whose noise the start is turned by `variationStrength`.",
    }),
    variationStrength: t.float({
      description:
        "How far, 0 to 1: near 0 a picture like that of `seed`, at 1 one of `variationSeed`. Regions with seeds of their own keep theirs.",
    }),
    mode: t.field({ type: RegionModeEnum, description: "Where regions are kept apart. Default ATTENTION." }),
    modeUntil: t.float({
      description:
        "Which part of the steps attention mode is for: after this fraction of them, greater than 0, latent mode takes over. Default 1: never.",
    }),
    loras: t.field({ type: [LoraInput], description: WHOLE_LORAS }),
    regionalLora: t.field({ type: RegionalLoraEnum, description: REGIONAL_LORA }),
    windows: t.field({
      type: WindowsInput,
      description: "Predicts a picture that is much larger than what the model was trained for. Default: as a whole.",
    }),
    secondPass: t.field({ type: SecondPassInput, description: "Paints it again at a larger size. Default: no." }),
    format: t.field({ type: ImageFormatEnum, description: "File format of the picture. Default PNG." }),
    priority: t.int({
      description:
        "Which of the caller's generations come first, -100 to 100: those with the highest. Other callers' turns are not affected. Default 0.",
    }),
    expiresAfterSeconds: t.float({
      description: "If it has not begun after so many seconds, up to 2592000 (30 days), it expires. Default: never.",
    }),
    idempotencyKey: t.string({
      description:
        "The same key with the same input gives the same generation, however often it is sent. 1 to 255 printable characters.",
    }),
  }),
});

builder.mutationField("generate", (t) =>
  t.field({
    description: "Accepts a picture to be painted. The answer comes at once; follow it with `generationEvents`.",
    type: Generation,
    authScopes: { generate: true },
    errors: {
      types: REFUSALS,
      union: { name: "GenerateResult", description: "The accepted generation, or why there is none." },
    },
    args: { input: t.arg({ type: GenerateInput, required: true, description: "What to paint." }) },
    resolve: async (_root, { input }, context) => {
      const resolve = async () => {
        const resolved = await resolveInput(input, context);
        requireInpaintingInput(resolved);
        return resolved;
      };
      return await acceptOnce(input, input, resolve, context);
    },
  }));
