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
