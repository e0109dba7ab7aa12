/** Shapes as the kernels read them. */

import { edgesFromTop } from "./edges.ts";
import type { Arena } from "./memory.ts";
import { averaged } from "./sampling.ts";
import type { KernelShape } from "./shapes.ts";

/** Where a shape's numbers lie; 0 for what it has none of. See `Region` in `assembly/region.ts`. */
export interface PlacedShape {
  readonly data: number;
  readonly count: number;
  readonly lines: number;
  readonly crossing: number;
}

/** Bytes of an edge in `assembly/outline.ts`. */
const EDGE_BYTES = 40;

/**
 * Puts a shape's numbers into memory.
 * @param stride Pixels of a padded row.
 * @param scale The side of the squares of pixels that masks are composed on.
 */
export function placeShape(
  arena: Arena,
  shape: KernelShape,
  stride: number,
  scale: number,
): PlacedShape {
  const none = { data: 0, count: 0, lines: 0, crossing: 0 };
  switch (shape.kind) {
    case "EMPTY":
    case "REST":
      return none;
    case "PRODUCT": {
      const padded = new Float32Array(stride);
      padded.set(averaged(shape.x, scale));
      return { ...none, data: arena.floats(padded), lines: arena.floats(averaged(shape.y, scale)) };
    }
    case "PIXELS":
      return { ...none, data: arena.floats(shape.data) };
    case "ELLIPSE":
      return { ...none, data: arena.doubles([shape.cx, shape.cy, shape.rx, shape.ry]) };
    case "EDGES": {
      const edges = edgesFromTop(shape.rings);
      const data = arena.take(edges.length * EDGE_BYTES);
      const view = new DataView(arena.kernels.memory.buffer, data);
      edges.forEach(({ a, b, first, end }, i) => {
        [a.x, a.y, b.x, b.y].forEach((v, k) => view.setFloat64(i * EDGE_BYTES + k * 8, v, true));
        view.setInt32(i * EDGE_BYTES + 32, first, true);
        view.setInt32(i * EDGE_BYTES + 36, end, true);
      });
      return { ...none, data, count: edges.length, crossing: arena.take((edges.length + 1) * 4) };
    }
  }
}
