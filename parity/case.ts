/** One comparison with a reference number, and where a reference run stands. */

import type { Tensors } from "./reference.ts";
import type { Tensor } from "../compute/tensor.ts";

/** The outcome of one comparison. */
export interface CaseResult {
  /** `<model>/<file>/<case>`, with a suffix where a case holds several comparisons. */
  readonly name: string;
  /** Largest absolute difference, or a reason why there is none. */
  readonly error: number | string;
  readonly tolerance: number;
}

/** Whether a comparison holds. */
export function passes(result: CaseResult): boolean {
  return typeof result.error === "number" && result.error <= result.tolerance;
}

/** A reference tensor that a case names. */
export function reference(tensors: Tensors, key: string): Tensor {
  const tensor = tensors.get(key);
  if (tensor === undefined) throw new RangeError(`Cannot find the reference tensor "${key}"`);
  return tensor;
}

/** Tolerances, from the README of the reference runs; absolute unless said. */
export const TOLERANCE = {
  /** float32 UNet step and whole-UNet outputs. */
  unet: 1e-4,
  /** One layer inside the UNet. */
  layer: 1e-4,
  /** Relative to the largest final latent. */
  loop: 1e-4,
  text: 1e-4,
  vae: 1e-4,
  /** Relative to the trace's largest sample. */
  sampler: 1e-5,
  samplerZeroSnrEuler: 1e-4,
  weightMap: 1e-6,
} as const;
