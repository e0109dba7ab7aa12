/** Averages over blocks of cells, by the kernels. */

import { withKernels } from "./memory.ts";

/**
 * `count` maps [height, width] averaged over side x side blocks, smaller at the border: [count, ceil(height / side),
 * ceil(width / side)]. Null where the kernels cannot run. Within 1e-6 of the twin, `averageBlocks` in `layout/weights/levels.ts`.
 */
export function averageMaps(
  maps: Float32Array,
  { count, height, width }: { readonly count: number; readonly height: number; readonly width: number },
  side: number,
): Float32Array<ArrayBuffer> | null {
  return withKernels((arena) => {
    const cells = count * Math.ceil(height / side) * Math.ceil(width / side);
    const source = arena.floats(maps), line = arena.take(width * 4), out = arena.take(cells * 4);
    arena.kernels.averageBlocks(source, count, height, width, side, out, line);
    return arena.floatsAt(out, cells).slice();
  });
}
