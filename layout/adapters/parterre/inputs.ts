/** What a picture of Parterre's was started from, and what its noise was turned towards, as settings. */

import { z } from "zod";
import type { ImportedSettings } from "../settings.ts";

const mask = z.strictObject({
  area: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("IMAGE"), image: z.string() }),
    z.strictObject({ kind: z.literal("REGION"), region: z.string() }),
  ]),
  inverted: z.boolean(),
  feather: z.number(),
});

const init = z.strictObject({ image: z.string(), strength: z.number(), mask: mask.nullable() });

const variation = z.strictObject({ seed: z.number(), strength: z.number() });

/** The settings that a field of a request stands for; undefined where it is none of these, or is not understood. */
export function inputSettings(name: string, value: unknown): ImportedSettings | undefined {
  switch (name) {
    case "init":
      return initSettings(init.safeParse(value).data);
    case "variation": {
      const { data } = variation.safeParse(value);
      return data && { variationSeed: data.seed, variationStrength: data.strength };
    }
    default:
      return undefined;
  }
}

function initSettings(read: z.infer<typeof init> | undefined): ImportedSettings | undefined {
  if (read === undefined) return undefined;
  const { image: initImage, strength, mask } = read;
  if (mask === null) return { initImage, strength };
  const { area, inverted: maskInverted, feather: maskFeather } = mask;
  const place = area.kind === "IMAGE" ? { maskImage: area.image } : { maskRegion: area.region };
  return { initImage, strength, ...place, maskInverted, maskFeather };
}
