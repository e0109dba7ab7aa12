/** Painting in this browser: the model's files are fetched once and kept, and the pipeline runs in the page's Worker. */

import { proxy, type Remote, wrap } from "comlink";
import { type GenerateInput, ModelFilesDocument } from "../api/generated.ts";
import { client } from "../api/client.ts";
import { authorization } from "../api/key.ts";
import type { LocalApi, LocalEngine, LocalOutcome, LocalStep } from "./protocol.ts";

/** What the browser calls the place where model files are kept. */
const KEPT = "parterre-models";

/** Threads that one run uses at most: more do not make a small model faster. */
const MOST_THREADS = 8;

/** GiB that a device without WebGPU should have, as far as its browser tells. */
const MEMORY_NEEDED = 2;

/** What happens on the way to a picture. */
export interface LocalEvents {
  /** While a model is fetched: bytes so far, and in all. */
  readonly onFetch?: (fetched: number, total: number) => void;
  readonly onStep?: (step: LocalStep) => void;
  readonly signal?: AbortSignal;
}

/** Why this browser or server cannot compute here; undefined if it can. */
export function whyNotHere(): string | undefined {
  if (!("caches" in globalThis)) return "the page must be opened over https, or on this machine, to keep models";
  const { gpu, deviceMemory = MEMORY_NEEDED }: { gpu?: unknown; deviceMemory?: number } = navigator;
  if (gpu === undefined && deviceMemory < MEMORY_NEEDED) return "this device has neither WebGPU nor enough memory";
  if (typeof OffscreenCanvas === "undefined") return "this browser has no canvas outside of pages";
  return undefined;
}

/** A Worker with the models that were fetched for it. */
class LocalPainter {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "parterre" });
  readonly #api: Remote<LocalApi> = wrap<LocalApi>(this.#worker);
  readonly #models = new Map<string, Promise<void>>();
  #engine: Promise<LocalEngine> | undefined;

  async paint(input: GenerateInput & { readonly model: string }, events: LocalEvents): Promise<LocalOutcome> {
    const { signal, onStep } = events;
    await this.engine();
    await this.#model(input.model, events);
    const cancel = () => void this.#api.cancel();
    signal?.addEventListener("abort", cancel);
    try {
      if (signal?.aborted) return { type: "CANCELED" };
      return await this.#api.paint(input, authorization(), proxy((step: LocalStep) => onStep?.(step)));
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  engine(): Promise<LocalEngine> {
    // Threads need an isolated page, which http gives on this machine alone.
    const threads = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MOST_THREADS) : 1;
    return this.#engine ??= this.#api.start({ threads, provider: "auto" });
  }

  #model(name: string, events: LocalEvents): Promise<void> {
    const fetching = this.#models.get(name) ?? this.#fetch(name, events);
    this.#models.set(name, fetching);
    fetching.catch(() => this.#models.delete(name));
    return fetching;
  }

  async #fetch(name: string, { onFetch, signal }: LocalEvents): Promise<void> {
    const { data, error } = await client.query(ModelFilesDocument, { name }).toPromise();
    if (error !== undefined) throw error;
    const files = data?.model?.files;
    if (files === null || files === undefined) throw new Error(`The server does not give the files of ${name} away`);
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    let fetched = 0;
    const kept = await caches.open(KEPT);
    for (const { path, bytes, url } of files) {
      const file = await keptFile(kept, url, signal);
      fetched += bytes;
      onFetch?.(fetched, total);
      await this.#api.addFile(name, path, file);
    }
  }
}

/** A file from the browser's cache, or from the server and then kept. Its address names its hash. */
async function keptFile(kept: Cache, url: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const [address = url] = url.split("?"); // what follows is the caller's permission
  const known = await kept.match(address);
  if (known !== undefined) return new Uint8Array(await known.arrayBuffer());
  const response = await fetch(url, { headers: authorization(), signal: signal ?? null });
  if (!response.ok) throw new Error(`Cannot fetch ${address}: the server answers ${response.status}`);
  await kept.put(address, response.clone()).catch(() => {}); // full: the next visit fetches it again
  return new Uint8Array(await response.arrayBuffer());
}

let painter: LocalPainter | undefined;

/** Paints one picture here. @throws {Error} if the model's files cannot be had. */
export async function paintHere(
  input: GenerateInput & { readonly model: string },
  events: LocalEvents = {},
): Promise<LocalOutcome> {
  return await (painter ??= new LocalPainter()).paint(input, events);
}

/** What computes here. */
export async function engineHere(): Promise<LocalEngine> {
  return await (painter ??= new LocalPainter()).engine();
}
