/** Shapes as the kernels read them. */

import { edgesFromTop } from "./edges.ts";
import type { Arena } from "./memory.ts";
import { BYTES, type REGION } from "./record_fields.ts";
import { averaged } from "./sampling.ts";
import type { KernelShape } from "./shapes.ts";

/**
 * Puts a shape's numbers into memory, and says in its region's record where they lie.
 * @param stride Pixels of a padded row.
 * @param scale The side of the squares of pixels that masks are composed on.
 */
export function placeShape(
  arena: Arena,
  shape: KernelShape,
  stride: number,
  scale: number,
): Partial<Record<keyof typeof REGION, number>> {
  switch (shape.kind) {
    case "EMPTY":
    case "REST":
      return {};
    case "PRODUCT": {
      const padded = new Float32Array(stride);
      padded.set(averaged(shape.x, scale));
      return { data: arena.floats(padded), lines: arena.floats(averaged(shape.y, scale)) };
    }
    case "PIXELS":
      return { data: arena.floats(shape.data) };
    case "ELLIPSE":
      return { data: arena.doubles([shape.cx, shape.cy, shape.rx, shape.ry]) };
    case "EDGES": {
      const edges = edgesFromTop(shape.rings);
      const data = arena.take(edges.length * BYTES.EDGE);
      const view = new DataView(arena.kernels.memory.buffer, data);
      edges.forEach(({ a, b, first, end }, i) => {
        [a.x, a.y, b.x, b.y].forEach((v, k) => view.setFloat64(i * BYTES.EDGE + k * 8, v, true));
        view.setInt32(i * BYTES.EDGE + 32, first, true);
        view.setInt32(i * BYTES.EDGE + 36, end, true);
      });
      return { data, count: edges.length, crossing: arena.take((edges.length + 1) * 4) };
    }
  }
}
