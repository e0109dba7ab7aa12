/** Painting regions of a picture anew: new noise for them, the rest held to the path that it took. */

import type { MaskImages } from "../../layout/masks/mask_image.ts";
import { compileWeightMaps } from "../../layout/weights/weight_maps.ts";
import { denoise, type Denoising, type DenoisingStep } from "./denoise.ts";
import type { SeedShare } from "./region_noise.ts";
import type { PictureRequest } from "./request.ts";

/**
 * The seeds of a request's re-rolls, and where each counts: the share of a latent cell that is its region's, after feather
 * and overlap, at any time and whatever the base's share in it. One list for each re-roll.
 * @param factor Pixels per latent cell.
 */
export function rerollShares(
  { layout, width, height, rerolls = [] }: Pick<PictureRequest, "layout" | "width" | "height" | "rerolls">,
  images: MaskImages,
  factor: number,
): readonly (readonly SeedShare[])[] {
  if (rerolls.length === 0) return [];
  const whole = { ...layout, regions: layout.regions.map((region) => ({ ...region, baseRatio: 0 })) };
  const maps = compileWeightMaps(whole, { width, height, factor }, { images });
  const cells = maps.width * maps.height;
  return rerolls.map(({ regions }) =>
    regions.map(({ name, seed }) => {
      const place = layout.regions.findIndex((region) => region.name === name);
      if (place < 0) throw new RangeError(`Cannot find the region "${name}"`);
      return { seed, shares: maps.data.subarray((place + 1) * cells, (place + 2) * cells) };
    })
  );
}

/**
 * Denoises, held to another run of the same calls wherever no share is.
 * @param before The other run, which is taken along call by call; its predictions count as this one's.
 * @param shares Whose sum is what is painted anew.
 */
export async function* denoiseHeldTo(
  before: AsyncGenerator<DenoisingStep, void, undefined>,
  shares: readonly SeedShare[],
  input: Denoising,
): AsyncGenerator<DenoisingStep, void, undefined> {
  const mask = sumOf(shares);
  let passes = 0;
  let paths: DenoisingStep["paths"] = [];
  const after = async (call: number) => {
    const { value, done } = await before.next();
    if (done || value.index !== call) throw new RangeError(`Cannot hold call ${call}: the other run did not make it`);
    ({ passes, paths } = value);
    return value;
  };
  for await (const step of denoise({ ...input, holds: [...input.holds ?? [], { mask, after }] })) {
    yield { ...step, passes: step.passes + passes, paths: [...paths, ...step.paths] };
  }
}

function sumOf(shares: readonly SeedShare[]): Float32Array {
  const [first, ...others] = shares.map(({ shares }) => shares);
  if (first === undefined) throw new RangeError("Cannot paint no region anew");
  return first.map((share, cell) => Math.min(1, others.reduce((sum, other) => sum + (other[cell] ?? 0), share)));
}
