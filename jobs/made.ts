/** What paints pictures here and now, as far as their bytes depend on it. */

import type { ModelCatalog } from "../compute/model/catalog.ts";
import type { ComputeView } from "../compute/runtime/runtime.ts";
import config from "../deno.json" with { type: "json" };
import { pictureLoras } from "../layout/loras.ts";
import { embeddingUses } from "../layout/prompt_warnings.ts";
import type { GenerationRequest } from "./request.ts";

/** This version of Parterre. */
const VERSION: string = config.version;

/**
 * What painted a picture, beside its request: each thing by name, with its version or the SHA-256 of its files; null where
 * they could not be read again.
 *
 * `version` is Parterre's; `provider` computes, on so many `threads`, which decide how sums are cut; `model` is what `hashModel` says; `lora NAME` and `embedding NAME` are files.
 */
export type Made = Readonly<Record<string, string | null>>;

/** What of a request names files beside those that it names by hash. */
export type MadeRequest = Pick<GenerationRequest, "model" | "layout" | "loras">;

/** Where these files are. */
export type MadeModels = Pick<ModelCatalog, "hash" | "loraHash" | "embeddingHash">;

/** What would paint a request now. */
export async function madeOf(
  { model, layout, loras }: MadeRequest,
  models: MadeModels,
  { runtime: { provider, threads } }: Pick<ComputeView, "runtime">,
): Promise<Made> {
  const { whole, regions } = pictureLoras(layout, loras);
  const named = (kind: string, names: readonly string[], hash: (name: string) => Promise<string | null>) =>
    [...new Set(names)].sort().map((name) => [`${kind} ${name}`, hash(name)] as const);
  const files = [
    ["model", models.hash(model)] as const,
    ...named("lora", [...whole, ...regions.flat()].map(({ name }) => name), (name) => models.loraHash(model, name)),
    ...named("embedding", embeddingUses(layout).map(({ name }) => name), (name) => models.embeddingHash(model, name)),
  ];
  const hashes = await Promise.all(files.map(async ([name, hash]) => [name, await hash] as const));
  return { version: VERSION, provider, threads: `${threads}`, ...Object.fromEntries(hashes) };
}
