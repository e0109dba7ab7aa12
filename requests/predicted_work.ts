/** How much there is to compute for a request, whichever worker does it. */

import { passesByStep } from "../compute/pipeline/passes.ts";
import type { ResolvedRequest } from "./resolve_request.ts";

/** What was asked for, and how many pictures of it. */
interface Counted extends ResolvedRequest {
  readonly request: ResolvedRequest["request"] & { readonly count?: number };
}

/** Predictions by step, of all passes over one picture of a request. */
export function predictionsByStep(
  { request, model: { capabilities }, calls, secondCalls }: ResolvedRequest,
): readonly number[] {
  return passesByStep(request, { calls, secondCalls, ...capabilities });
}

/** Pixels times predictions, of all pictures of a request: times a worker's milliseconds per pixel, its time. */
export function predictedWork(resolved: Counted): number {
  const { width, height, count = 1 } = resolved.request;
  return width * height * predictionsByStep(resolved).reduce((sum, n) => sum + n, 0) * count;
}
