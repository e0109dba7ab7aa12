/** Weighted sums of equally long samples: the one array operation that samplers are made of. */

import { nth } from "../../elements.ts";

/** A weight and the sample it applies to. */
export type Term = readonly [weight: number, values: Float32Array];

/**
 * The sum of the terms, in a new array; each element is summed in float64 and rounded once. A term of weight 0 is left
 * out, so that it cannot turn an infinity into NaN.
 * @throws {RangeError} if the lengths differ, or there is no term.
 */
export function combine(...terms: readonly Term[]): Float32Array {
  const out = new Float32Array(nth(terms, 0)[1].length);
  for (const [, values] of terms) {
    if (values.length !== out.length) {
      throw new RangeError(`Cannot combine ${values.length} numbers with ${out.length}: lengths must be equal`);
    }
  }
  const used = terms.filter(([weight]) => weight !== 0);
  const weights = used.map(([weight]) => weight);
  const arrays = used.map(([, values]) => values);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = 0; k < arrays.length; k++) sum += (weights[k] as number) * ((arrays[k] as Float32Array)[i] as number);
    out[i] = sum;
  }
  return out;
}

/** Cuts every element to -`range`..`range`, in place. */
export function clip(values: Float32Array, range: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > range) values[i] = range;
    else if (value < -range) values[i] = -range;
  }
}
