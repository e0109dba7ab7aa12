/** Weight maps: who paints each cell, and how much; and the same on the coarser grids inside the UNet. */

import { double, float } from "../../elements.ts";
import { averageMaps, type WeightMaps } from "../../wasm/levels.ts";
import type { LatentSize } from "../../wasm/shapes.ts";

export type { WeightMaps } from "../../wasm/levels.ts";
export type { LatentSize } from "../../wasm/shapes.ts";

/** @throws {RangeError} if the size is not made of positive whole numbers. */
export function assertSize(size: LatentSize): void {
  for (const [name, value] of [["width", size.width], ["height", size.height], ["factor", size.factor]] as const) {
    if (!Number.isInteger(value) || value <= 0) {
      throw new RangeError(`Cannot draw a layout of ${name} ${value}: it must be a positive whole number`);
    }
  }
}

/**
 * The maps on the first `levels` levels of the UNet, the given ones first. Level l has ceil(height / 2^l) x
 * ceil(width / 2^l) cells, each the average over the latent cells of its 2^l x 2^l block; blocks at the border of an
 * odd size average the cells that exist.
 */
export function weightMapLevels(maps: WeightMaps, levels: number): readonly WeightMaps[] {
  return Array.from({ length: levels }, (_, level) => {
    const side = 2 ** level;
    return level === 0 ? maps : averageMaps(maps, side) ?? exactAverages(maps, side);
  });
}

/** One such level, in 64 bits: what the kernel of `wasm/` is tested against. */
export function exactAverages(maps: WeightMaps, side: number): WeightMaps {
  const { count } = maps;
  const height = Math.ceil(maps.height / side), width = Math.ceil(maps.width / side);
  const data = new Float32Array(count * height * width);
  const sums = new Float64Array(width);
  for (let r = 0; r < count; r++) {
    for (let y = 0; y < height; y++) {
      sums.fill(0);
      const bottom = Math.min(maps.height, (y + 1) * side);
      for (let j = y * side; j < bottom; j++) {
        const row = (r * maps.height + j) * maps.width;
        for (let i = 0; i < maps.width; i++) {
          const x = Math.floor(i / side);
          sums[x] = double(sums, x) + float(maps.data, row + i);
        }
      }
      for (let x = 0; x < width; x++) {
        const cells = (bottom - y * side) * (Math.min(maps.width, (x + 1) * side) - x * side);
        data[(r * height + y) * width + x] = double(sums, x) / cells;
      }
    }
  }
  return { count, height, width, data };
}
