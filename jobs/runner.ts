/** The worker loop: claims generations, computes them, records what happens. The claiming thread never runs a model. */

import { getLogger, withContext } from "@logtape/logtape";
import { InvalidInputErrors } from "../errors.ts";
import type { GenerationRequest } from "../compute/pipeline/request.ts";
import type { Compute, GenerateOptions, GenerationOutcome, GenerationStep } from "../compute/worker/compute.ts";
import type { ImageEncoder } from "../image/encoder.ts";
import type { AssetStore } from "../store/assets.ts";
import type { KeptFiles } from "../store/kept_files.ts";
import { LeaseLostError } from "./errors.ts";
import type { Estimator } from "./estimator.ts";
import type { EventLog } from "./events.ts";
import type { GenerationImage } from "./generation.ts";
import type { MaskLibrary } from "./mask_library.ts";
import type { GenerationObserver } from "./observer.ts";
import { pictureText } from "./picture_text.ts";
import type { Claim, JobQueue } from "./queue.ts";

const log = getLogger(["parterre", "jobs"]);

/** What the loop works with. */
export interface RunnerServices {
  readonly queue: JobQueue;
  readonly events: EventLog;
  readonly assets: AssetStore;
  readonly files: Pick<KeptFiles, "holding">;
  readonly masks: Pick<MaskLibrary, "imagesOf">;
  readonly compute: Compute;
  readonly encoder: ImageEncoder;
  readonly estimator: Estimator;
}

/** How the loop behaves. */
export interface RunnerOptions {
  /** For the operator's eyes. */
  readonly workerId: string;
  /** How long a claim lasts unless renewed, in milliseconds; default 30,000. Renewed three times as often. */
  readonly leaseMs?: number;
  /** Is told of every step. */
  readonly observer?: GenerationObserver;
}

/** Works on one generation at a time. */
export class Runner {
  readonly #leaseMs: number;

  constructor(private readonly services: RunnerServices, private readonly options: RunnerOptions) {
    this.#leaseMs = options.leaseMs ?? 30_000;
  }

  /** Works until `signal` aborts; a generation that runs then is let go and queued again. */
  async run(signal: AbortSignal): Promise<void> {
    const { queue } = this.services;
    let recovered = performance.now();
    while (!signal.aborted) {
      try {
        // Also its own: a fault on the way, such as a full disk, leaves a generation to its lease.
        if (performance.now() - recovered >= this.#leaseMs) {
          recovered = performance.now();
          await queue.recover();
        }
        const claim = await queue.claim(this.options.workerId, this.#leaseMs);
        if (claim === null) await queue.waitForWork(signal);
        else await withContext({ generationId: claim.generation.id }, () => this.#work(claim, signal));
      } catch (error) {
        if (signal.aborted) return;
        log.error("Worker {worker} goes on after: {error}", { worker: this.options.workerId, error });
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  async #work(claim: Claim, shutdown: AbortSignal): Promise<void> {
    const { queue } = this.services;
    const { generation: { id, request }, token } = claim;
    const stop = new AbortController();
    const renewal = setInterval(async () => {
      const held = await queue.renew(id, token, this.#leaseMs).catch(() => true); // a passing fault is tried again
      if (!held) stop.abort();
    }, this.#leaseMs / 3);
    // Steps are recorded one after the other, in the background of the next step.
    let recorded: Promise<void> = Promise.resolve();
    let failed: unknown;
    try {
      const outcome = await this.#generate(request, {
        signal: AbortSignal.any([stop.signal, shutdown]),
        onStep: (step) => {
          this.options.observer?.stepTaken(claim.generation, step);
          recorded = recorded.then(() => this.#recordStep(claim, step, stop)).catch((error) => {
            failed = error;
            stop.abort();
          });
        },
      });
      await recorded;
      if (failed !== undefined) throw failed;
      await this.#finish(claim, outcome, shutdown);
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      log.warn("Lost the lease of {generationId}: another worker has it", { generationId: id });
    } finally {
      clearInterval(renewal);
    }
  }

  async #generate(request: GenerationRequest, options: GenerateOptions): Promise<GenerationOutcome> {
    const { compute, masks } = this.services;
    try {
      const images = await masks.imagesOf(request.layout, ["layout"]);
      return await compute.generate(request, { ...options, images });
    } catch (error) {
      // The images were there when the request was accepted.
      if (!(error instanceof InvalidInputErrors)) throw error;
      return { type: "FAILED", code: "MASK_LOST", message: error.message };
    }
  }

  async #recordStep(
    { generation: { id, request }, token }: Claim,
    step: GenerationStep,
    stop: AbortController,
  ): Promise<void> {
    const { queue, events, estimator } = this.services;
    estimator.record(request, step.stepMs);
    await queue.progress(id, token, { step: step.step, etaMs: estimator.estimate(request, step.steps - step.step) });
    const { width, height, data: pixels } = step.preview;
    await events.append(id, { type: "PREVIEW", step: step.step, steps: step.steps, width, height, pixels });
    if (await queue.isCancelRequested(id)) stop.abort();
  }

  async #finish(
    { generation: { id, request }, token }: Claim,
    outcome: GenerationOutcome,
    shutdown: AbortSignal,
  ): Promise<void> {
    const { queue, assets, files } = this.services;
    switch (outcome.type) {
      case "IMAGE": {
        const { bytes, mimeType, ...encoded } = await this.#encode(outcome, request);
        const metrics = { ...outcome.timing, attention: outcome.attention.map((cost) => ({ ...cost })) };
        return await files.holding(async () => {
          const { key } = await assets.put(bytes, { contentType: mimeType });
          // The store names an asset by its hash.
          const image = { ...encoded, assetKey: key, sha256: key, bytes: bytes.length };
          await queue.complete(id, token, { image, metrics });
        });
      }
      case "CANCELED":
        if (await queue.isCancelRequested(id)) return await queue.cancel(id, token);
        return await queue.release(id, token, shutdown.aborted ? "the worker shut down" : "the worker stopped");
      case "FAILED":
        return await queue.fail(id, token, { code: outcome.code, message: outcome.message });
    }
  }

  async #encode(
    { image }: Extract<GenerationOutcome, { type: "IMAGE" }>,
    request: GenerationRequest,
  ): Promise<Pick<GenerationImage, "format" | "width" | "height"> & { bytes: Uint8Array; mimeType: string }> {
    const { format } = request;
    const encoded = await this.services.encoder.encode(
      { ...image, channels: 3 },
      format === "PNG" ? { format, text: pictureText(request) } : { format },
    );
    return { ...encoded, format };
  }
}
