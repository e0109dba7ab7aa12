/** Putting hidden states together: rows one after the other, encoders side by side. */

import { nth } from "../../elements.ts";
import { elements, shapeOf, type Tensor } from "../tensor.ts";

/**
 * Joins [..., T_i, D] states to one [sum T_i, D].
 * @throws {RangeError} if there is none.
 */
export function joinTokens(states: readonly Tensor[]): Tensor {
  const first = nth(states, 0);
  if (first.dims.length === 2 && states.length === 1) return first;
  const width = nth(first.dims, first.dims.length - 1);
  const data = new Float32Array(states.reduce((sum, { dims }) => sum + elements(dims), 0));
  let at = 0;
  for (const state of states) {
    data.set(state.data, at);
    at += state.data.length;
  }
  return { dims: [data.length / width, width], data };
}

/**
 * Joins [T, D_i] states to one [T, sum D_i].
 * @throws {RangeError} if there is none.
 */
export function joinWidths(states: readonly Tensor[]): Tensor {
  const [first] = states;
  if (first === undefined) throw new RangeError("Cannot encode a prompt without a text encoder");
  if (states.length === 1) return first;
  const [tokens] = shapeOf(first, 2);
  const width = states.reduce((sum, state) => sum + shapeOf(state, 2)[1], 0);
  const data = new Float32Array(tokens * width);
  let column = 0;
  for (const state of states) {
    const [, own] = shapeOf(state, 2);
    for (let t = 0; t < tokens; t++) data.set(state.data.subarray(t * own, (t + 1) * own), t * width + column);
    column += own;
  }
  return { dims: [tokens, width], data };
}
