/** The pictures of a generation, one after the other: their requests, and their steps counted together. */

import type { GenerationTiming } from "../compute/pipeline/generation_output.ts";
import { allStepsTaken } from "../compute/pipeline/second_request.ts";
import type { GenerationStep } from "../compute/worker/compute.ts";
import type { GenerationRequest } from "./request.ts";

/** Seeds are whole numbers below this. */
const SEEDS = 2 ** 32;

/** The seed of each picture: the request's, and those after it. */
export function seedsOf(
  { seed, count = 1 }: Pick<GenerationRequest, "seed" | "count">,
): readonly [number, ...number[]] {
  return [seed, ...Array.from({ length: count - 1 }, (_, i) => (seed + i + 1) % SEEDS)];
}

/** What each picture alone would be asked for with. */
export function singleRequests(request: GenerationRequest): readonly [GenerationRequest, ...GenerationRequest[]] {
  const { count: _, ...single } = request;
  const [first, ...others] = seedsOf(request);
  return [{ ...single, seed: first }, ...others.map((seed) => ({ ...single, seed }))];
}

/** The steps that all pictures of a request take together. */
export function stepsInAll(request: Pick<GenerationRequest, "steps" | "init" | "secondPass" | "count">): number {
  return allStepsTaken(request) * (request.count ?? 1);
}

/**
 * Counts the steps of picture `i`, from 0, among those of all.
 * @param onStep Is given every step as one of all.
 */
export function countedTogether(
  i: number,
  { count = 1 }: Pick<GenerationRequest, "count">,
  onStep: ((step: GenerationStep) => void) | undefined,
): (step: GenerationStep) => void {
  let passes: number | undefined; // of a picture that is yet to be painted: all that this one takes
  return (step) => {
    // One that is gone on with has steps before: as many for each as the others have.
    if (step.step === 1) passes = undefined;
    passes ??= (step.passes + step.passesLeft) * step.steps / (step.steps - step.step + 1);
    onStep?.({
      ...step,
      step: i * step.steps + step.step,
      steps: count * step.steps,
      passesLeft: step.passesLeft + (count - 1 - i) * passes,
    });
  };
}

/** Where the time of several pictures went. */
export function totalTiming(
  timings: readonly GenerationTiming[],
): { readonly [part in keyof GenerationTiming]: number } {
  const total = (part: keyof GenerationTiming) => timings.reduce((sum, timing) => sum + timing[part], 0);
  return {
    loadMs: total("loadMs"),
    encodeMs: total("encodeMs"),
    denoiseMs: total("denoiseMs"),
    decodeMs: total("decodeMs"),
  };
}
