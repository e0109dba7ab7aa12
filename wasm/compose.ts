/** Layouts in pixels -> weight maps, by the kernels. */

import { coarseSide } from "./coarse_blur.ts";
import { type Arena, withKernels } from "./memory.ts";
import { BYTES, IMAGE, REGION } from "./record_fields.ts";
import { place, type RegionRecord, type Values, write } from "./records.ts";
import { sampling } from "./sampling.ts";
import type { KernelRegion, LatentSize } from "./shapes.ts";

/** How regions share pixels. */
export interface KernelRules {
  /** Region numbers from front to back where the front one takes first (Z_ORDER); null: in proportion (NORMALIZE). */
  readonly frontToBack: readonly number[] | null;
}

/** Weight maps, and what no region covers. */
export interface KernelMaps {
  /** [regions + 1, height / factor, width / factor], both rounded up: the base's map and those of the regions. */
  readonly maps: Float32Array<ArrayBuffer>;
  /** Share of each cell that no region covers, [0, 1]. */
  readonly holes: Float32Array<ArrayBuffer>;
  /** Share of the image that no region covers, [0, 1]. Exactly 0 where the regions cover all of it. */
  readonly uncovered: number;
}

/**
 * Composes regions into weight maps. Null where the kernels cannot run.
 *
 * Within 1e-5 of the twin, `blend` in `layout/`; where a region's weight is more than five times another's, within 2e-6
 * times that ratio, since a share below 2e-6 counts as none. On images of more than 65,536 pixels, blurs of 12 pixels and more are
 * done on a coarse grid, and where all masks are smooth they are composed on squares of 2 x 2 pixels: there masks are
 * within 2e-3 and weights within 1.5e-3, with weights of regions that do not differ much. A region is exactly 0 beyond
 * the bounds of its mask; the base is exactly 0 where sharp or equally blurred regions cover all.
 *
 * @example
 * ```ts
 * const size = { width: 512, height: 512, factor: 8 };
 * const corners = [{ x: 0, y: 0 }, { x: 256, y: 0 }, { x: 256, y: 512 }, { x: 0, y: 512 }];
 * const regions = [{ shape: { kind: "EDGES", rings: [corners] } as const, blur: null, weight: 1, baseRatio: 0 }];
 * const composed = composeMaps(regions, { frontToBack: null }, size); // maps: [2, 64, 64], the base's and the region's
 * ```
 */
export function composeMaps(
  regions: readonly KernelRegion[],
  { frontToBack }: KernelRules,
  size: LatentSize,
): KernelMaps | null {
  return withKernels((arena) => {
    const columns = Math.ceil(size.width / size.factor), lines = Math.ceil(size.height / size.factor);
    const cells = columns * lines, mapCount = regions.length + 2;
    const order = frontToBack ?? regions.map((_, r) => r);
    const sides = regions.map(({ blur }) => blur === null ? null : coarseSide(blur, size));
    const scale = frontToBack === null ? sampling(regions, sides, size) : 1;
    const width = size.width / scale, height = size.height / scale, factor = size.factor / scale;
    // The last cell may reach beyond the right border; coarse cells and vectors write beyond that.
    const stride = Math.ceil((columns * factor + Math.max(0, ...sides.map((side) => side ?? 0)) + 8) / 4) * 4;
    const records = regions.flatMap((region, r) => {
      const record = place(arena, region, r + 1, { side: sides[r] ?? null, stride, scale, size });
      return record === null ? [] : [[r, record] as const];
    });
    const image = write(arena, IMAGE, {
      width,
      height,
      factor,
      cells: columns,
      stride,
      fullWidth: size.width,
      fullHeight: size.height,
      ...scratchOf(arena, records.map(([, record]) => record), size),
    });
    const addresses = new Map(records.map(([r, record]) => [r, write(arena, REGION, record)]));
    const pointers = order.flatMap((r) => addresses.get(r) ?? []);
    const list = arena.integers(pointers);
    const maps = arena.take(mapCount * cells * 4);
    const bare = arena.kernels.compose(image, list, pointers.length, maps, mapCount, frontToBack === null ? 0 : 1);
    const own = (regions.length + 1) * cells;
    return {
      maps: arena.floatsAt(maps, own).slice(),
      holes: arena.floatsAt(maps + own * 4, cells).slice(),
      uncovered: bare / (width * height),
    };
  });
}

/** Scratch memory for the widest of the regions. */
function scratchOf(
  arena: Arena,
  records: readonly RegionRecord[],
  { width }: LatentSize,
): Pick<Values<typeof IMAGE>, "line" | "places" | "cellsOfBlur" | "active" | "layers"> {
  const most = (of: (record: RegionRecord) => number) =>
    records.reduce((best, record) => Math.max(best, of(record)), 0);
  const widest = most(({ rows, columns, radius, side }) =>
    side === 0 ? 0 : (rows + 2 * radius + 1) * (columns + 2 * radius + 8)
  );
  return {
    line: arena.take((width + 2 * most(({ radius }) => radius) + 32) * 4),
    places: arena.take((2 * most(({ count }) => count) + 8) * 4),
    cellsOfBlur: arena.take(widest * 4),
    active: arena.take(records.length * 4),
    layers: arena.take(records.length * BYTES.LAYER),
  };
}
