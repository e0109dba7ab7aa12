/** One comparison with a reference number, and where a reference run stands. */

import type { Tensors } from "./reference.ts";
import type { Tensor } from "../../compute/tensor.ts";

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

/**
 * One comparison, made now: what `compare` throws becomes the reason why there is no number.
 * @param compare Gives the largest difference, or a reason.
 */
export async function attempt(
  name: string,
  tolerance: number,
  compare: () => number | string | Promise<number | string>,
): Promise<CaseResult> {
  try {
    return { name, error: await compare(), tolerance };
  } catch (error) {
    return failure(name, error);
  }
}

/** A comparison that could not be made. */
export function failure(name: string, error: unknown): CaseResult {
  return { name, error: error instanceof Error ? error.message : String(error), tolerance: 0 };
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
  /** The same computed in float16. */
  unetHalf: 3e-2,
  /** One layer inside the UNet. */
  layer: 1e-4,
  /** Relative to the largest final latent. */
  loop: 1e-4,
  /**
   * The same for inpainting models, which see the latents of a picture with a grey hole: of those of tiny-inpaint,
   * onnxruntime's and PyTorch's differ by 1.5e-5 of the largest, and guidance enlarges that tenfold.
   */
  inpaintingLoop: 1e-3,
  /** Of a loop's picture, relative to its largest value. Decoders enlarge what latents differ by about tenfold. */
  picture: 1e-3,
  /** Bytes of a picture, which may be rounded the other way. */
  byte: 1,
  text: 1e-4,
  /** Mean attention to a word, a share of 1. */
  attention: 1e-5,
  /** Contexts of weighted prompts. */
  weightedText: 1e-5,
  /** The weights themselves. */
  promptWeight: 1e-9,
  vae: 1e-4,
  /** In training timesteps, of 1,000. */
  timestep: 1e-3,
  /** Relative to the first noise level. */
  firstSample: 1e-6,
  /** Relative to the trace's largest sample. */
  sampler: 1e-5,
  samplerZeroSnrEuler: 1e-4,
  weightMap: 1e-6,
  /** Weight maps as generations compile them, in 32 bits. */
  kernelWeightMap: 1e-5,
  /** In shares of the picture. */
  uncovered: 1e-6,
} as const;

/** The tolerance of a UNet's outputs, by the element type of its graph. */
export function unetTolerance(unet: { readonly elementType: string }): number {
  return unet.elementType === "float16" ? TOLERANCE.unetHalf : TOLERANCE.unet;
}

/**
 * How many times larger differences may be on WebGPU, where sums have another order and half floats are computed as half
 * floats; seen on Mesa's software driver: 12 times in float32, 3.4 times in float16.
 */
const WEBGPU_FACTORS = { float32: 15, float16: 4 } as const;

/** A comparison judged as one of numbers that WebGPU computed. What must be equal must be so there as well. */
export function judgedOnWebgpu(result: CaseResult): CaseResult {
  const factor = result.tolerance === TOLERANCE.unetHalf ? WEBGPU_FACTORS.float16 : WEBGPU_FACTORS.float32;
  return { ...result, tolerance: result.tolerance * factor };
}
