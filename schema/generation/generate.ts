/** Asking for a generation. */

import { builder } from "../builder.ts";
import { acceptOnce, REFUSALS } from "./accept.ts";
import { Generation } from "./generation.ts";
import { ImageFormatEnum } from "../image.ts";
import { LayoutInput } from "../layout/layout_input.ts";
import { paintingFields } from "./painting_fields.ts";
import { requireInpaintingInput } from "../../requests/inpainting_input.ts";
import { resolveInput } from "./resolve_input.ts";
import { turnFields } from "./turn_fields.ts";
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
    ...paintingFields(t),
    previews: t.field({ type: PreviewMethodEnum, description: "How previews are made. Default LINEAR." }),
    seed: t.field({ type: "Seed", description: "Default: a random one, which the answer tells." }),
    format: t.field({ type: ImageFormatEnum, description: "File format of the picture. Default PNG." }),
    ...turnFields(t),
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
