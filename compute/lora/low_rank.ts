/** The matrices of a LoRA, read and put into one form: what is added to a layer's weights is `up` times `down`. */

import { elements, type Tensor } from "../tensor.ts";
import type { Safetensors } from "../model/safetensors.ts";
import type { PlannedLayer } from "./lora_plan.ts";

/** A change of weights, of low rank r; the multiplier of the file (alpha over the rank) is in `up`. */
export interface LowRank {
  readonly rank: number;
  /** [out, r] */
  readonly up: Float32Array;
  /** [r, in], or [r, in * height * width] of a convolution. */
  readonly down: Float32Array;
  /** Of the layer's weights: [out, in] or [out, in, height, width]. */
  readonly shape: readonly number[];
}

/**
 * Reads the matrices of one layer.
 * @throws {SyntaxError} if they hold numbers that are not finite, or are of an element type that is not read.
 */
export function readLowRank({ source, shape }: PlannedLayer, file: Pick<Safetensors, "tensor">): LowRank {
  const read = ({ key }: { readonly key: string }) => finite(key, file.tensor(key));
  const up = read(source.up), down = read(source.down);
  const rank = up.dims[1] ?? 0;
  const alpha = source.alpha === null ? null : read({ key: source.alpha }).data[0] ?? rank;
  const scale = alpha === null ? source.scale ?? 1 : alpha / rank;
  return {
    rank,
    up: scale === 1 ? up.data : up.data.map((v) => scale * v),
    down: source.mid === null ? down.data : composed(read(source.mid), down),
    shape,
  };
}

/** sum_b mid[a, b, k] down[b, i] at [a, i, k], k over the kernel: the core and the first matrix as one. */
function composed(mid: Tensor, down: Tensor): Float32Array {
  const [outer = 0, inner = 0] = mid.dims;
  const kernel = elements(mid.dims.slice(2));
  const width = down.dims[1] ?? 0;
  const result = new Float32Array(outer * width * kernel);
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      for (let i = 0; i < width; i++) {
        const factor = down.data[b * width + i] ?? 0;
        for (let k = 0; k < kernel; k++) {
          const at = (a * width + i) * kernel + k;
          result[at] = (result[at] ?? 0) + factor * (mid.data[(a * inner + b) * kernel + k] ?? 0);
        }
      }
    }
  }
  return result;
}

/** The transpose of [rows, columns]. */
export function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c] ?? 0;
  }
  return result;
}

function finite(key: string, tensor: Tensor): Tensor {
  if (!tensor.data.every(Number.isFinite)) throw new SyntaxError(`"${key}" holds numbers that are not finite`);
  return tensor;
}
