/** The pictures of a generation: what each alone is asked for with, and what they take together. */

import type { GenerationTiming } from "../compute/pipeline/generation_output.ts";
import { allStepsTaken } from "../compute/pipeline/second_request.ts";
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
