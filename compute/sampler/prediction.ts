/** Reading a denoiser's output: the clean sample and the noise it implies, for every prediction type. */

import type { PredictionType } from "./scheduler_config.ts";

/** Weights of the sample and of the denoiser's output in a linear reading. */
export interface Reading {
  readonly sample: number;
  readonly output: number;
}

/**
 * The clean sample x0 that an output at the level x = `alpha` x0 + `sigma` eps stands for; v is alpha eps - sigma x0
 * (arXiv:2202.00512, appendix D).
 */
export function cleanReading(type: PredictionType, alpha: number, sigma: number): Reading {
  switch (type) {
    case "epsilon":
      return { sample: 1 / alpha, output: -sigma / alpha };
    case "v_prediction":
      return { sample: alpha, output: -sigma };
    case "sample":
      return { sample: 0, output: 1 };
  }
}

/** The noise eps that an output at that level stands for. */
export function noiseReading(type: PredictionType, alpha: number, sigma: number): Reading {
  switch (type) {
    case "epsilon":
      return { sample: 0, output: 1 };
    case "v_prediction":
      return { sample: sigma, output: alpha };
    case "sample":
      return { sample: 1 / sigma, output: -alpha / sigma };
  }
}

/**
 * The clean sample for k-diffusion's samples x = x0 + `sigma` eps, which the denoiser sees divided by
 * sqrt(sigma^2 + 1).
 */
export function scaledCleanReading(type: PredictionType, sigma: number): Reading {
  const alpha = 1 / Math.sqrt(sigma * sigma + 1);
  const reading = cleanReading(type, alpha, sigma * alpha);
  return { sample: reading.sample * alpha, output: reading.output };
}
