/** The worker loop: claims generations, computes them, records what happens. The claiming thread never runs a model. */

import { getLogger, withContext } from "@logtape/logtape";
import type { AssetStore } from "../assets/asset_store.ts";
import type { KeptFiles } from "../assets/kept_files.ts";
import { StorageError } from "../assets/storage_error.ts";
import type { ModelCatalog } from "../compute/model/catalog.ts";
import type { Compute } from "../compute/worker/compute.ts";
import { InvalidInputErrors } from "../errors.ts";
import { type ImageEncoder, ImageEncoderError } from "../image/encoder.ts";
import type { Estimator } from "../requests/estimator.ts";
import type { MaskLibrary } from "../requests/mask_library.ts";
import type { SessionServices } from "./aides/session.ts";
import { openSession } from "./aides/together.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { LeaseLostError } from "./errors.ts";
import type { GenerationImage } from "./generation.ts";
import { KeptProgress } from "./kept_progress.ts";
import type { GenerationObserver } from "./observer.ts";
import { type Made, type MadeModels, madeOf } from "./made.ts";
import { type Outcome, type PaintOptions, paintPictures } from "./paint_pictures.ts";
import { stepsInAll } from "./pictures.ts";
import type { PreviewWatchers } from "./preview_watchers.ts";
import { StepRecord } from "./step_record.ts";
import { imagesOf } from "../requests/request_images.ts";
import { BusyError } from "../workers/fair_queue.ts";
import { pause, untilStored, waitMs } from "./until_stored.ts";
import type { Claim, WorkQueue } from "./work_queue.ts";

const log = getLogger(["parterre", "jobs"]);

/** What the loop works with. */
export interface RunnerServices {
  readonly work: WorkQueue;
  readonly assets: AssetStore;
  readonly files: Pick<KeptFiles, "holding">;
  readonly checkpoints: Checkpoints;
  readonly masks: Pick<MaskLibrary, "imagesOf" | "find">;
  readonly compute: Compute;
  readonly models: MadeModels & Pick<ModelCatalog, "find">;
  readonly encoder: ImageEncoder;
  readonly estimator: Estimator;
  readonly watchers: PreviewWatchers;
  /** Over what others help with pictures; default: nobody does. */
  readonly helpers?: SessionServices;
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
  /**
   * Milliseconds between two checkpoints of a picture, at least; default 2000. They are made as rarely as it takes for them
   * to cost 1 % of the time at most.
   */
  readonly checkpointMs?: number;
}

/** What a shutdown waits for checkpoints, in milliseconds: what is not written then costs steps. */
const WRITING_MS = 2000;

/** How often a generation's images are read before their generation fails. */
const IMAGE_TRIES = 5;

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
    using _hearing = work.onCancel(id, token, () => stop.abort());
    const record = new StepRecord(claim, this.services, { previews, stop, shutdown, retryMs: this.#retryMs });
    const kept = new KeptProgress(claim, this.services);
    try {
      const outcome = await this.#generate(claim, shutdown, {
        signal: stop.signal,
        drain: shutdown,
        watched: previews.wanted,
        kept,
        checkpointMs: this.options.checkpointMs ?? 2000,
        share: this.#sharing(claim),
        onBegin: (beginning) => record.begin(beginning),
        onStep: (step) => {
          this.options.observer?.stepTaken(claim.generation, step);
          // What the picture's file tells of models is hashed meanwhile, so that it need not wait for it.
          if (step.step === 1) this.#made(claim.generation).catch(() => {}); // whoever needs it meets a fault
          record.take(step);
        },
      });
      await record.settled();
      const resumed = outcome.type === "CANCELED" && shutdown.aborted; // by another worker
      if (resumed) await kept.written(WRITING_MS);
      await this.#finish(claim, outcome, shutdown);
      if (!resumed) await kept.forget();
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

  /** Offers work of a claim to others, where there are some. */
  #sharing(claim: Claim): NonNullable<PaintOptions["share"]> {
    const { helpers, ...services } = this.services;
    if (helpers === undefined) return () => null;
    return (cut, left, listener) => openSession(claim, cut, left, { ...services, ...helpers }, listener);
  }

  async #generate(
    claim: Claim,
    shutdown: AbortSignal,
    options: Omit<PaintOptions, "images">,
  ): Promise<Outcome> {
    const { generation: { id, request } } = claim;
    const { masks } = this.services;
    const read = () => imagesOf(request, masks);
    try {
      const images = await this.#persist(`read the images of ${id}`, read, shutdown, IMAGE_TRIES);
      return await paintPictures(claim, this.services, { ...options, images });
    } catch (error) {
      // The images were there when the request was accepted.
      if (error instanceof InvalidInputErrors) return { type: "FAILED", code: lostCode(error), message: error.message };
      if (shutdown.aborted || error instanceof LeaseLostError || isOfTheEncoder(error)) throw error;
      if (error instanceof StorageError) return { type: "FAILED", code: error.code, message: error.message };
      // Nothing here was lost, so that the next worker would meet the same.
      log.error("Cannot paint {id}: {error}", { id, error });
      return { type: "FAILED", code: "INTERNAL", message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Does again what a fault of the store prevented, until the worker shuts down. */
  #persist<T>(task: string, call: () => Promise<T>, shutdown: AbortSignal, tries = Infinity): Promise<T> {
    return untilStored(call, { task, signal: shutdown, firstWaitMs: this.#retryMs, tries });
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
}

/** Whether the encoder could not do what it can at another time, whatever the picture is. */
function isOfTheEncoder(error: unknown): boolean {
  return error instanceof BusyError || (error instanceof ImageEncoderError && error.code !== "CODEC_FAILED");
}

/** The code of a generation whose images are gone. */
function lostCode({ problems: [first] }: InvalidInputErrors): string {
  return first?.code === "UNKNOWN_IMAGE" ? "IMAGE_LOST" : "MASK_LOST";
}
