/** Weights of prompt text, applied to what the text encoder made of it. */

import type { Tensor } from "../tensor.ts";

/**
 * z'_t = w_t z_t: every token's hidden state times its weight.
 *
 * The form that AUTOMATIC1111's stable-diffusion-webui calls "No norm" (its pull request 14874). Its older form then
 * scales each chunk by mean(z) / mean(z'), taken over all numbers of the chunk. That mean is next to zero in many
 * encoders, and exactly zero where the last layer norm has no shift of its own, so that the quotient grows without bound
 * or changes its sign (its issue 14867). Here the states of all other tokens stay as they are, bit for bit; so do pooled
 * embeddings, which have no tokens.
 * @param state [T, D]
 * @param weights [T]
 * @throws {RangeError} if there are not as many weights as tokens.
 */
export function emphasize(state: Tensor, weights: readonly number[]): Tensor {
  const [tokens = 0, width = 0] = state.dims;
  if (weights.length !== tokens) throw new RangeError(`Cannot weight ${tokens} tokens with ${weights.length} weights`);
  if (weights.every((weight) => weight === 1)) return state;
  const data = Float32Array.from(state.data);
  weights.forEach((weight, t) => {
    for (let i = t * width; i < (t + 1) * width; i++) data[i] = (data[i] ?? 0) * weight;
  });
  return { dims: state.dims, data };
}
