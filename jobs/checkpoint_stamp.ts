/** What a checkpoint was made with: whoever has anything else begins anew. */

import { type ComputedBy, computedBy } from "../compute/worker/picture_checkpoint.ts";
import type { Compute } from "../compute/worker/compute.ts";
import { fingerprint } from "./idempotency.ts";
import { type MadeModels, madeOf } from "./made.ts";
import type { GenerationRequest } from "./request.ts";

/** How checkpoints are written; a change of what they hold makes it another. */
const FORMAT = "1";

/**
 * Everything that the bytes of a picture depend on, by name: what `Made` names, what computes, and the request. Null for a
 * file that cannot be read, which is never the same.
 */
export type CheckpointStamp = Readonly<Record<string, string | null>>;

/** The stamp of a request's checkpoints. */
export async function stampOf(
  request: GenerationRequest,
  models: MadeModels,
  compute: Pick<Compute, "runtime">,
  by: ComputedBy = computedBy(compute.runtime),
): Promise<CheckpointStamp> {
  const made = await madeOf(request, models, compute);
  return { format: FORMAT, ...made, ...by, processor: processorOf(by), request: fingerprint(request) };
}

/** What kind of processor numbers depend on: WebAssembly computes alike on all. */
export function processorOf({ provider }: { readonly provider: string }): string {
  return provider === "native" ? Deno.build.arch : "any";
}

/** What makes a checkpoint one of something else, as the end of a sentence; null if nothing does. */
export function foreignness(kept: CheckpointStamp, here: CheckpointStamp): string | null {
  for (const name of new Set([...Object.keys(here), ...Object.keys(kept)])) {
    const [was, is] = [kept[name] ?? null, here[name] ?? null];
    if (was === null || was !== is) return `it was made with ${name} ${short(was)}, and here is ${short(is)}`;
  }
  return null;
}

/** The beginning of a hash, and any other word whole. */
function short(value: string | null): string {
  if (value === null) return "unknown";
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
}
