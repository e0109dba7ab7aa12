/**
 * Reading elements at indexes that only a mistake in this program can put out of range.
 *
 * There is a function for each type of array, though their bodies are the same: engines look up elements fast where they
 * have seen one type only, and a shared function takes three times as long in loops over pixels.
 */

/** @throws {RangeError} if there is no such element. */
export function nth<T>(values: readonly T[], index: number): T {
  const value = values[index];
  return value === undefined ? missing(values, index) : value;
}

/** @throws {RangeError} if there is no such element. */
export function double(values: Float64Array, index: number): number {
  const value = values[index];
  return value === undefined ? missing(values, index) : value;
}

/** @throws {RangeError} if there is no such element. */
export function float(values: Float32Array, index: number): number {
  const value = values[index];
  return value === undefined ? missing(values, index) : value;
}

/** @throws {RangeError} if there is no such element. */
export function integer(values: Int32Array, index: number): number {
  const value = values[index];
  return value === undefined ? missing(values, index) : value;
}

function missing({ length }: ArrayLike<unknown>, index: number): never {
  throw new RangeError(`There is no element ${index} among ${length}`);
}
