/** The worker loop: claims generations, computes them, records what happens. The claiming thread never runs a model. */

import { getLogger, withContext } from "@logtape/logtape";
import type { AssetStore } from "../assets/asset_store.ts";
import type { KeptFiles } from "../assets/kept_files.ts";
import { StorageError } from "../assets/storage_error.ts";
import type { GenerationTiming } from "../compute/pipeline/generation_output.ts";
import { allStepsTaken } from "../compute/pipeline/second_request.ts";
import type { Compute, GenerateOptions, GenerationOutcome, GenerationStep } from "../compute/worker/compute.ts";
import { InvalidInputErrors } from "../errors.ts";
import type { ImageEncoder } from "../image/encoder.ts";
import type { Estimator } from "../requests/estimator.ts";
import type { MaskLibrary } from "../requests/mask_library.ts";
import { LeaseLostError } from "./errors.ts";
import type { FoundMask } from "../compute/pipeline/word_search.ts";
import type { GenerationImage, GenerationMetrics, Json, RegionMask } from "./generation.ts";
import type { GenerationObserver } from "./observer.ts";
import { type Made, type MadeModels, madeOf } from "./made.ts";
import { pictureTexts } from "./picture_record.ts";
import { countedTogether, singleRequests, stepsInAll, totalTiming } from "./pictures.ts";
import type { PaintedPreviews, PreviewWatchers } from "./preview_watchers.ts";
import type { GenerationRequest } from "./request.ts";
import { imagesOf } from "../requests/request_images.ts";
import { pause, untilStored, waitMs } from "./until_stored.ts";
import type { Claim, WorkQueue } from "./work_queue.ts";

const log = getLogger(["parterre", "jobs"]);

/** What the loop works with. */
export interface RunnerServices {
  readonly work: WorkQueue;
  readonly assets: AssetStore;
  readonly files: Pick<KeptFiles, "holding">;
  readonly masks: Pick<MaskLibrary, "imagesOf" | "find">;
  readonly compute: Compute;
  readonly models: MadeModels;
  readonly encoder: ImageEncoder;
  readonly estimator: Estimator;
  readonly watchers: PreviewWatchers;
}

/** How the loop behaves. */
export interface RunnerOptions {
  /** For the operator's eyes. */
  readonly workerId: string;
  /** How long a claim lasts unless renewed, in milliseconds; default 30,000. Renewed three times as often. */
  readonly leaseMs?: number;
  /** Is told of every step. */
  readonly observer?: GenerationObserver;
  /** How long it waits before it tries again what the store did not do, in milliseconds; default 500. */
  readonly retryMs?: number;
}

/** How often a generation's images are read before their generation fails. */
const IMAGE_TRIES = 5;

/** A picture as it will be stored. */
type EncodedPicture = Pick<GenerationImage, "format" | "width" | "height"> & {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
};

/** How a generation ended: with all its pictures, or without any. */
type Outcome =
  | { readonly type: "PAINTED"; readonly pictures: readonly EncodedPicture[]; readonly metrics: GenerationMetrics }
  | Exclude<GenerationOutcome, { readonly type: "IMAGE" }>;

/**
 * Works on one generation at a time.
 *
 * @example
 * ```ts
 * const services = { ...store, compute, models, masks, encoder, estimator, watchers };
 * const runner = new Runner(services, { workerId: "worker-1" });
 * await runner.run(shutdown.signal);
 * ```
 */
export class Runner {
  readonly #leaseMs: number;
  readonly #retryMs: number;

  constructor(private readonly services: RunnerServices, private readonly options: RunnerOptions) {
    this.#leaseMs = options.leaseMs ?? 30_000;
    this.#retryMs = options.retryMs ?? 500;
  }

  /** Works until `signal` aborts; a generation that runs then is let go and queued again. */
  async run(signal: AbortSignal): Promise<void> {
    const { work } = this.services;
    let recovered = performance.now();
    let failures = 0;
    while (!signal.aborted) {
      try {
        // Also its own: a fault that nobody foresaw leaves a generation to its lease.
        if (performance.now() - recovered >= this.#leaseMs) {
          recovered = performance.now();
          await work.recover();
        }
        const claim = await work.claim(this.options.workerId, this.#leaseMs);
        if (claim === null) await work.waitForWork(signal);
        else await withContext({ generationId: claim.generation.id }, () => this.#work(claim, signal));
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        log.error("Worker {worker} goes on after: {error}", { worker: this.options.workerId, error });
        await pause(waitMs(++failures, this.#retryMs), signal);
      }
    }
  }

  async #work(claim: Claim, shutdown: AbortSignal): Promise<void> {
    const { work, watchers } = this.services;
    const { generation: { id, request }, token } = claim;
    using previews = watchers.paint(id, { steps: stepsInAll(request), previews: request.previews });
    const stop = new AbortController();
    const renewal = setInterval(async () => {
      const held = await work.renew(id, token, this.#leaseMs).catch(() => true); // a passing fault is tried again
      if (!held) stop.abort();
    }, this.#leaseMs / 3);
    // Steps are recorded one after the other, in the background of the next step.
    let recorded: Promise<void> = Promise.resolve();
    let failed: unknown;
    let unrecorded = 0;
    try {
      const outcome = await this.#generate(claim, shutdown, {
        signal: AbortSignal.any([stop.signal, shutdown]),
        watched: previews.wanted,
        onStep: (step) => {
          this.options.observer?.stepTaken(claim.generation, step);
          // What the picture's file tells of models is hashed meanwhile, so that it need not wait for it.
          if (step.step === 1) this.#made(claim.generation).catch(() => {}); // whoever needs it meets a fault
          recorded = recorded.then(() => this.#recordStep(claim, step, previews, stop, shutdown)).catch((error) => {
            if (error instanceof StorageError) {
              // The picture is worth more than the record of its steps.
              if (unrecorded++ === 0) log.error("Cannot record steps of {id}: {error}", { id, error });
              return;
            }
            failed = error;
            stop.abort();
          });
        },
      });
      await recorded;
      if (failed !== undefined) throw failed;
      await this.#finish(claim, outcome, shutdown);
    } catch (error) {
      if (shutdown.aborted && error instanceof StorageError) {
        return await work.release(id, token, "the worker shut down"); // may be what the store still takes
      }
      if (!(error instanceof LeaseLostError)) throw error;
      log.warn("Lost the lease of {generationId}: another worker has it", { generationId: id });
    } finally {
      clearInterval(renewal);
    }
  }

  async #generate(
    { generation: { id, request } }: Claim,
    shutdown: AbortSignal,
    options: GenerateOptions,
  ): Promise<Outcome> {
    const { masks } = this.services;
    const read = () => imagesOf(request, masks);
    try {
      const images = await this.#persist(`read the images of ${id}`, read, shutdown, IMAGE_TRIES);
      return await this.#paint(request, { ...options, images });
    } catch (error) {
      // The images were there when the request was accepted.
      if (error instanceof InvalidInputErrors) return { type: "FAILED", code: lostCode(error), message: error.message };
      if (!(error instanceof StorageError) || shutdown.aborted) throw error;
      return { type: "FAILED", code: error.code, message: error.message };
    }
  }

  /** A request's pictures, one after the other: prompts that they share are encoded once, and remembered. */
  async #paint(request: GenerationRequest, { onStep, watched, ...options }: GenerateOptions): Promise<Outcome> {
    const { compute } = this.services;
    const pictures: EncodedPicture[] = [];
    const timings: GenerationTiming[] = [];
    let attention: readonly Json[] = [];
    for (const [i, single] of singleRequests(request).entries()) {
      const step = countedTogether(i, request, onStep);
      const own = watched && { watched: watched.subarray(i * allStepsTaken(single)) };
      const outcome = await compute.generate(single, { ...options, ...own, onStep: step });
      if (outcome.type !== "IMAGE") return outcome;
      pictures.push(await this.#encode(outcome, single));
      timings.push(outcome.timing);
      attention = outcome.attention.map((cost) => ({ ...cost }));
    }
    return { type: "PAINTED", pictures, metrics: { ...totalTiming(timings), attention } };
  }

  /** Does again what a fault of the store prevented, until the worker shuts down. */
  #persist<T>(task: string, call: () => Promise<T>, shutdown: AbortSignal, tries = Infinity): Promise<T> {
    return untilStored(call, { task, signal: shutdown, firstWaitMs: this.#retryMs, tries });
  }

  async #recordStep(
    { generation: { id, request }, token }: Claim,
    step: GenerationStep,
    previews: PaintedPreviews,
    stop: AbortController,
    shutdown: AbortSignal,
  ): Promise<void> {
    const { work, estimator } = this.services;
    estimator.record({ ...request, previews: step.previewMethod }, step);
    const left = { passes: step.passesLeft, previews: previews.wantedAfter(step.step) };
    const { width, height, data: pixels } = step.preview;
    const { cancelRequested } = await work.progress(id, token, {
      step: step.step,
      etaMs: estimator.estimate(request, left),
      preview: { width, height, pixels },
    });
    if (cancelRequested) stop.abort();
    const { regionMasks } = step;
    if (regionMasks === null) return;
    await this.#persist(`keep the masks of ${id}`, () => this.#keepMasks(id, token, regionMasks), shutdown);
  }

  /** Stores where regions were found by words; for the record, so that they wait for the store as the picture does. */
  async #keepMasks(id: string, token: number, found: readonly FoundMask[]): Promise<void> {
    const { work, assets, files, encoder } = this.services;
    const encoded = await Promise.all(
      found.map(({ image }) => encoder.encode({ ...image, channels: 4 }, { format: "PNG" })),
    );
    await files.holding(async () => {
      const masks: RegionMask[] = [];
      for (const [i, { bytes, mimeType, width, height }] of encoded.entries()) {
        const { region = "", words = "" } = found[i] ?? {};
        const { key } = await assets.put(bytes, { contentType: mimeType });
        const image = { assetKey: key, sha256: key, format: "PNG" as const, width, height, bytes: bytes.length };
        masks.push({ region, words, image });
      }
      await work.noteRegionMasks(id, token, masks);
    });
  }

  async #finish(
    { generation: { id }, token }: Claim,
    outcome: Outcome,
    shutdown: AbortSignal,
  ): Promise<void> {
    const { work, assets, files } = this.services;
    const persist = <T>(task: string, call: () => Promise<T>) => this.#persist(`${task} ${id}`, call, shutdown);
    switch (outcome.type) {
      case "PAINTED": {
        const keep = async () => {
          const images: GenerationImage[] = [];
          for (const { bytes, mimeType, ...encoded } of outcome.pictures) {
            const { key } = await assets.put(bytes, { contentType: mimeType });
            // The store names an asset by its hash.
            images.push({ ...encoded, assetKey: key, sha256: key, bytes: bytes.length });
          }
          const [image, ...moreImages] = images;
          if (image === undefined) throw new RangeError(`Cannot complete ${id} without a picture`);
          await work.complete(id, token, { image, moreImages, metrics: outcome.metrics });
        };
        return await persist("keep the pictures of", () => files.holding(keep));
      }
      case "CANCELED":
        return await persist(
          "let go of",
          () => work.release(id, token, shutdown.aborted ? "the worker shut down" : "the worker stopped"),
        );
      case "FAILED":
        return await persist("fail", () => work.fail(id, token, { code: outcome.code, message: outcome.message }));
    }
  }

  #made({ request }: Pick<Claim["generation"], "request">): Promise<Made> {
    const { models, compute } = this.services;
    return madeOf(request, models, compute);
  }

  async #encode(
    { image }: Extract<GenerationOutcome, { type: "IMAGE" }>,
    request: GenerationRequest,
  ): Promise<EncodedPicture> {
    const { encoder } = this.services;
    const { format } = request;
    const text = pictureTexts(request, await this.#made({ request }));
    return { ...await encoder.encode({ ...image, channels: 3 }, { format, text }), format };
  }
}

/** The code of a generation whose images are gone. */
function lostCode({ problems: [first] }: InvalidInputErrors): string {
  return first?.code === "UNKNOWN_IMAGE" ? "IMAGE_LOST" : "MASK_LOST";
}
