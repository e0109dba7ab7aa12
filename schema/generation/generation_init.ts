/** What a generation starts from, as it is told. */

import type { InitPicture, Variation } from "../../compute/pipeline/request.ts";
import { builder } from "../builder.ts";

/** The picture that a generation starts from. */
export const GenerationInit = builder.objectRef<InitPicture>("GenerationInit").implement({
  description: "The picture that a generation starts from, and what of it is painted anew.",
  fields: (t) => ({
    image: t.exposeString("image", { description: "SHA-256 of the image file, 64 hexadecimal digits." }),
    strength: t.exposeFloat("strength", { description: "How much of it was noise at the start, more than 0 to 1." }),
    maskImage: t.string({
      nullable: true,
      description: "SHA-256 of the mask's image file; null where there is none.",
      resolve: ({ mask }) => mask?.area.kind === "IMAGE" ? mask.area.image : null,
    }),
    maskRegion: t.string({
      nullable: true,
      description: "The name of the region that is the mask; null where none is.",
      resolve: ({ mask }) => mask?.area.kind === "REGION" ? mask.area.region : null,
    }),
    maskInverted: t.boolean({
      description: "Whether everything but the mask is painted anew.",
      resolve: ({ mask }) => mask?.inverted ?? false,
    }),
    maskFeather: t.float({
      description: "How much the mask's border is softened, in fractions of the picture's short edge.",
      resolve: ({ mask }) => mask?.feather ?? 0,
    }),
  }),
});

/** What a generation's noise is turned towards. */
export const GenerationVariation = builder.objectRef<Variation>("GenerationVariation").implement({
  description: "What the noise at a generation's start is turned towards.",
  fields: (t) => ({
    seed: t.field({ type: "Seed", description: "The seed of that noise.", resolve: ({ seed }) => seed }),
    strength: t.exposeFloat("strength", { description: "How far it is turned, more than 0 to 1." }),
  }),
});
