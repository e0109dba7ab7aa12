/** How finely masks are composed: pixel by pixel, or on squares of 2 x 2 where none of them has anything finer. */

import { double } from "../elements.ts";
import { SMALL_IMAGE } from "./coarse_blur.ts";
import type { KernelRegion, LatentSize } from "./shapes.ts";

/** Pixels of a cell's side for which it is done: what latents have. A cell is then a vector of four squares wide. */
const SAMPLED = 8;

/** How much a line of pixels may bend, as a second difference: as a Gaussian edge of 20 pixels does. */
const SMOOTH = 0.242 / 20 ** 2;

/**
 * The side of the squares of pixels that masks are composed on. Where all of them are smooth, one sample stands for
 * 2 x 2 pixels under NORMALIZE, which moves weights by less than the blur's own tolerance.
 *
 * @param sides The sides of the coarse cells that the regions' blurs are done on, null for the others.
 */
export function sampling(regions: readonly KernelRegion[], sides: readonly (number | null)[], size: LatentSize): 1 | 2 {
  const { width, height, factor } = size;
  if (factor !== SAMPLED || width % 2 !== 0 || height % 2 !== 0 || width * height <= SMALL_IMAGE) return 1;
  const smooth = regions.every(({ shape }, r) => {
    switch (shape.kind) {
      case "EMPTY":
        return true;
      case "REST": // begins where the others end, at an angle
        return false;
      case "PRODUCT":
        return isSmooth(shape.x) && isSmooth(shape.y);
      default:
        return (sides[r] ?? 0) >= 4; // null where there are no coarse cells
    }
  });
  return smooth ? 2 : 1;
}

function isSmooth(line: Float64Array): boolean {
  for (let i = 1; i + 1 < line.length; i++) {
    if (Math.abs(double(line, i - 1) - 2 * double(line, i) + double(line, i + 1)) > SMOOTH) return false;
  }
  return true;
}

/** The means of pairs of pixels, or the pixels. */
export function averaged(line: Float64Array, scale: number): Float64Array {
  if (scale === 1) return line;
  const means = new Float64Array(line.length / 2);
  for (let i = 0; i < means.length; i++) means[i] = (double(line, 2 * i) + double(line, 2 * i + 1)) / 2;
  return means;
}
