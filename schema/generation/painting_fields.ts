/** What of an input says how a picture is painted: the same whether it is painted or only tried, in a dry run. */

import { builder } from "../builder.ts";
import { LoraInput, REGIONAL_LORA, RegionalLoraEnum, WHOLE_LORAS } from "../model/lora_input.ts";
import { RegionModeEnum } from "./generation.ts";
import { SecondPassInput, WindowsInput } from "./large_picture.ts";

type InputFields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, "InputObject">;

/** Fields of `GenerateInput` and of `ValidateLayoutInput`; `RequestSpec` says what they mean. */
// deno-lint-ignore explicit-module-boundary-types -- the fields' types, which make the input's, are inferred
export const paintingFields = (t: InputFields) => ({
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
});
