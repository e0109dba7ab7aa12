/** Latents -> bytes by a linear map, by the kernels. */

import { withKernels } from "./memory.ts";

/**
 * Interleaved RGB [cells, 3] of latents [channels, cells]. Null where the kernels cannot run. Equal to the twin,
 * `PreviewMap.render`, in every byte.
 *
 * @param matrix [channels + 1, 3]: one row per channel, then the offset.
 */
export function previewBytes(
  latents: Float32Array,
  matrix: Float64Array,
  cells: number,
): Uint8Array<ArrayBuffer> | null {
  const channels = matrix.length / 3 - 1;
  return withKernels((arena) => {
    const source = arena.floats(latents), numbers = arena.doubles(matrix), bytes = arena.take((cells + 1) * 3);
    arena.kernels.renderPreview(source, channels, cells, numbers, bytes);
    return new Uint8Array(arena.kernels.memory.buffer as ArrayBuffer, bytes, cells * 3).slice();
  });
}
