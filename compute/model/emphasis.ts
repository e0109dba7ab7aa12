/** Weights of prompt text, applied to what a text encoder made of it: one function for each reading of them. */

import { float } from "../../elements.ts";
import { shapeOf, type Tensor } from "../tensor.ts";

/** Weights that have no meaning for a prompt. */
export class EmphasisError extends Error {
  override readonly name = "EmphasisError";
  readonly code = "EMPHASIS";
}

/**
 * NO_NORM: z'_t = |w_t| z_t, every token's hidden state times its weight.
 *
 * The form that AUTOMATIC1111's stable-diffusion-webui calls "No norm" (its pull request 14874). The states of all other
 * tokens stay as they are, bit for bit; so do pooled embeddings, which have no tokens. The sign of a weight goes with the
 * values: see {@link valueSigns}.
 * @param state [T, D]
 * @param weights [T]
 * @throws {RangeError} if there are not as many weights as tokens.
 */
export function multiply(state: Tensor, weights: readonly number[]): Tensor {
  return weigh(state, weights, (z, weight) => z * Math.abs(weight));
}

/**
 * A1111: the same, and then each row times mean(z) / mean(z'), means over all numbers of the row.
 *
 * The form that stable-diffusion-webui calls "Original", its default (`modules/sd_emphasis.py`, EmphasisOriginal). The mean
 * is next to zero in many encoders, so that the quotient may grow without bound or change its sign (its issue 14867).
 * @param state [T, D], rows of `length` tokens.
 * @param weights [T]
 * @throws {RangeError} if there are not as many weights as tokens.
 * @throws {EmphasisError} if the mean of a weighted row is exactly zero, where there is no such quotient.
 */
export function multiplyKeepingMean(state: Tensor, weights: readonly number[], length: number): Tensor {
  const weighted = multiply(state, weights);
  if (weighted === state) return state;
  const data = Float32Array.from(weighted.data);
  const size = length * shapeOf(state, 2)[1];
  for (let at = 0; at < data.length; at += size) {
    if (weights.slice(at / size * length, (at / size + 1) * length).every((weight) => weight === 1)) continue;
    const row = data.subarray(at, at + size);
    const quotient = mean(state.data.subarray(at, at + size)) / mean(row);
    if (!Number.isFinite(quotient)) {
      throw new EmphasisError("Cannot weight by the emphasis A1111: the mean of the weighted states is zero");
    }
    row.forEach((v, i) => row[i] = v * quotient);
  }
  return { dims: state.dims, data };
}

/**
 * COMFY: z'_t = e_t + w_t (z_t - e_t), from the state of the empty prompt at the token's place through its own, for
 * weights above 1 and below 0 beyond.
 *
 * What ComfyUI does (`comfy/sd1_clip.py`, ClipTokenWeightEncoder).
 * @param state [T, D], rows of L tokens.
 * @param weights [T]
 * @param empty [L, D], the state of the empty prompt.
 * @throws {RangeError} if there are not as many weights as tokens.
 */
export function interpolate(state: Tensor, weights: readonly number[], empty: Tensor): Tensor {
  const { data } = empty;
  return weigh(state, weights, (z, weight, i) => {
    const e = data[i % data.length] ?? 0; // always there: the index is below the length
    return e + weight * (z - e);
  });
}

/**
 * What the values of a token are multiplied by, where |w| is what its keys are made of: -1 for negative weights.
 *
 * That is how words are taken out of a picture by weights below zero in hako-mikan/sd-webui-negpip, and in place, word by
 * word, in pamparamm/ComfyUI-ppm (CLIPNegPip): the picture still looks for the word, and goes away from what it finds.
 * @param weights [T]
 * @returns [T], or null where none is negative.
 */
export function valueSigns(weights: readonly number[]): Float32Array | null {
  return weights.some((weight) => weight < 0) ? Float32Array.from(weights, (weight) => weight < 0 ? -1 : 1) : null;
}

/** Numbers of tokens whose weight is 1 keep every bit; where all are 1 the state itself is the result. */
function weigh(
  state: Tensor,
  weights: readonly number[],
  number: (z: number, weight: number, i: number) => number,
): Tensor {
  const [tokens, width] = shapeOf(state, 2);
  if (weights.length !== tokens) throw new RangeError(`Cannot weight ${tokens} tokens with ${weights.length} weights`);
  if (weights.every((weight) => weight === 1)) return state;
  const data = Float32Array.from(state.data);
  weights.forEach((weight, t) => {
    if (weight === 1) return;
    for (let i = t * width; i < (t + 1) * width; i++) data[i] = number(float(data, i), weight, i);
  });
  return { dims: state.dims, data };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
