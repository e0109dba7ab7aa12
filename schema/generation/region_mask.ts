/** Masks of regions that are found by words: what is told of them. */

import type { RegionMask as RegionMaskRecord } from "../../jobs/generation.ts";
import { builder } from "../builder.ts";
import { NotFoundError } from "../errors.ts";
import { Image } from "../image.ts";

/** A mask that was found. */
export const RegionMask = builder.objectRef<RegionMaskRecord>("RegionMask").implement({
  description: "Where the words of a region were found in a picture.",
  fields: (t) => ({
    region: t.exposeString("region", { description: "The region's name." }),
    words: t.exposeString("words", { description: "What was looked for." }),
    mask: t.string({
      description:
        "The image's id. As `asset` of a painted mask it gives a region of another layout the same place from the first step on.",
      resolve: ({ image }) => image.sha256,
    }),
    image: t.field({
      type: Image,
      description: "White where the words were found, black elsewhere; a pixel per latent cell.",
      resolve: ({ image }, _args, { services }) => ({
        ...image,
        url: services.urls.image(image),
        bytes: async () => {
          const asset = await services.assets.get(image.assetKey);
          if (asset === null) throw new NotFoundError(image.assetKey);
          return asset.bytes;
        },
      }),
    }),
  }),
});
