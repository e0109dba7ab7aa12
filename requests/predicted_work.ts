/** How much there is to compute for a request, whichever worker does it. */

import { passesByStep } from "../compute/pipeline/passes.ts";
import type { ResolvedRequest } from "./resolve_request.ts";

/** What was asked for, and how many pictures of it. */
interface Counted extends ResolvedRequest {
  readonly request: ResolvedRequest["request"] & { readonly count?: number };
}

/** Pixels times predictions, of all pictures of a request: times a worker's milliseconds per pixel, its time. */
export function predictedWork(
  { request, model: { capabilities }, calls, secondCalls }: Counted,
): number {
  const passes = passesByStep(request, { calls, secondCalls, ...capabilities }).reduce((sum, n) => sum + n, 0);
  return request.width * request.height * passes * (request.count ?? 1);
}
