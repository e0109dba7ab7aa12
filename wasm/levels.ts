/** Averages over blocks of cells, by the kernels. */

import { withKernels } from "./memory.ts";

/** Row-major weights [count, height, width] in [0, 1]; map 0 is the base prompt's. They sum to 1 at every cell. */
export interface WeightMaps {
  /** Regions + 1. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/**
 * The maps averaged over side x side blocks, smaller at the border: ceil(height / side) x ceil(width / side) cells. Null
 * where the kernels cannot run. Within 1e-6 of the twin, `exactAverages` in `layout/weights/levels.ts`.
 */
export function averageMaps({ count, height, width, data }: WeightMaps, side: number): WeightMaps | null {
  const rows = Math.ceil(height / side), columns = Math.ceil(width / side);
  return withKernels((arena) => {
    const source = arena.floats(data), line = arena.take(width * 4), out = arena.take(count * rows * columns * 4);
    arena.kernels.averageBlocks(source, count, height, width, side, out, line);
    return { count, height: rows, width: columns, data: arena.floatsAt(out, count * rows * columns).slice() };
  });
}
