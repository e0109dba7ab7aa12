/** A dense array with a shape: what passes between the pipeline's parts, independent of any runtime. */

/** Row-major float32 data and its dimensions; `data.length` is the product of `dims`. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** The number of elements of a shape: 1 for a scalar. */
export function elements(dims: readonly number[]): number {
  return dims.reduce((a, b) => a * b, 1);
}

/** Sizes by the number of dimensions. */
interface Shapes {
  readonly 1: readonly [number];
  readonly 2: readonly [number, number];
  readonly 3: readonly [number, number, number];
  readonly 4: readonly [number, number, number, number];
}

/**
 * The sizes of a tensor that must have so many dimensions.
 * @throws {RangeError} if it has another number of them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shapeOf } from "./tensor.ts";
 *
 * const [tokens, width] = shapeOf({ dims: [77, 768] }, 2);
 * assert.equal(tokens * width, 59136);
 * ```
 */
export function shapeOf<N extends keyof Shapes>({ dims }: Pick<Tensor, "dims">, dimensions: N): Shapes[N] {
  if (dims.length !== dimensions) {
    throw new RangeError(`Cannot read the shape [${dims}] as one of ${dimensions} dimensions`);
  }
  return dims as unknown as Shapes[N]; // as the check has shown
}

/**
 * A tensor over `data`, without copying.
 * @throws {RangeError} if the length is not the product of `dims`.
 */
export function tensor(dims: readonly number[], data: Float32Array): Tensor {
  if (elements(dims) !== data.length) {
    throw new RangeError(`Cannot shape ${data.length} numbers as [${dims}]: that takes ${elements(dims)}`);
  }
  return { dims, data };
}
