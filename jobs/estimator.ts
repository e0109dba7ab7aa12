/** How long a generation will take, judged by the steps that this process has seen. */

import type { GenerationRequest } from "../compute/pipeline/request.ts";

/** What decides the time of a step. */
export type StepShape = Pick<GenerationRequest, "model" | "width" | "height" | "guidanceScale">;

/** Weight of the newest step in the running average. */
const NEWEST = 0.3;

/** Remembers, by model, how many milliseconds a step takes per pixel. */
export class Estimator {
  readonly #msPerPixel = new Map<string, number>();

  /** Notes a step of `stepMs` milliseconds. */
  record(shape: StepShape, stepMs: number): void {
    const rate = stepMs / (shape.width * shape.height * passes(shape));
    const known = this.#msPerPixel.get(shape.model);
    this.#msPerPixel.set(shape.model, known === undefined ? rate : known + NEWEST * (rate - known));
  }

  /** Milliseconds that `steps` steps will take; null until a step of the model was noted. */
  estimate(shape: StepShape, steps: number): number | null {
    const rate = this.#msPerPixel.get(shape.model);
    return rate === undefined ? null : rate * shape.width * shape.height * passes(shape) * steps;
  }
}

/** Predictions that guidance costs per step. */
function passes({ guidanceScale }: StepShape): number {
  return guidanceScale === 1 ? 1 : 2;
}
