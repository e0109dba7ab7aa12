/** Who is told of what happens to generations, without being part of it: metrics, logs and traces. */

import type { GenerationStep } from "../compute/worker/compute.ts";
import type { Generation } from "./generation.ts";

/** Is told, does not answer, and must neither throw nor take long: what is told has happened. */
export interface GenerationObserver {
  /** The status of a generation changed, also by being enqueued; told once the change is durable. */
  statusChanged(generation: Generation): void;
  /** A worker has just completed a step. */
  stepTaken(generation: Generation, step: Pick<GenerationStep, "step" | "stepMs">): void;
}

/** Tells several observers, in order. */
export function together(...observers: readonly GenerationObserver[]): GenerationObserver {
  return {
    statusChanged: (generation) => observers.forEach((one) => one.statusChanged(generation)),
    stepTaken: (generation, step) => observers.forEach((one) => one.stepTaken(generation, step)),
  };
}
