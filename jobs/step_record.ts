/** What is recorded of a generation while it is painted: its steps, and where its regions were found. */

import { getLogger } from "@logtape/logtape";
import type { AssetStore } from "../assets/asset_store.ts";
import type { KeptFiles } from "../assets/kept_files.ts";
import { StorageError } from "../assets/storage_error.ts";
import type { FoundMask } from "../compute/pipeline/word_search.ts";
import type { ImageEncoder } from "../image/encoder.ts";
import type { Estimator } from "../requests/estimator.ts";
import type { RegionMask } from "./generation.ts";
import type { PictureStep } from "./picture_steps.ts";
import type { PaintedPreviews } from "./preview_watchers.ts";
import { untilStored } from "./until_stored.ts";
import type { Claim, WorkQueue } from "./work_queue.ts";

const log = getLogger(["parterre", "jobs"]);

/** Weight of the newest step in the pace. */
const NEWEST = 0.3;

/**
 * Steps that may wait to be recorded. Where steps are quicker than the store the oldest then go without a record, so that
 * a picture which is done waits for few of them, and their previews fill no memory.
 */
const MAX_WAITING = 50;

/** What it works with. */
export interface RecordServices {
  readonly work: WorkQueue;
  readonly assets: AssetStore;
  readonly files: Pick<KeptFiles, "holding">;
  readonly encoder: ImageEncoder;
  readonly estimator: Estimator;
}

/** How it records. */
export interface RecordOptions {
  readonly previews: PaintedPreviews;
  /** Stops the painting. */
  readonly stop: AbortController;
  /** How long it waits before it tries again what the store did not do, in milliseconds. */
  readonly retryMs: number;
  /** Nothing is tried again once it aborts. */
  readonly shutdown: AbortSignal;
}

/** Records one after the other, in the background of the next step. */
export class StepRecord {
  #recorded: Promise<void> = Promise.resolve();
  #failed: unknown;
  #unrecorded = 0;
  /** Steps that wait to be recorded, the oldest first. */
  readonly #waiting = new Set<PictureStep>();
  /** Steps that were completed at last. */
  #latest = 0;
  #pace = 1;

  constructor(
    private readonly claim: Claim,
    private readonly services: RecordServices,
    private readonly options: RecordOptions,
  ) {}

  /** Tells with what an attempt begins. */
  begin(beginning: { readonly step: number; readonly reason: string }): void {
    const { generation: { id }, token } = this.claim;
    this.#latest = beginning.step;
    this.#queue(() => this.services.work.begin(id, token, beginning));
  }

  /** Records a step, unless so many wait that it is passed over; never the last, nor one that found regions. */
  take(step: PictureStep): void {
    if (step.step <= this.#latest) {
      // Another device, other files of the model, or a checkpoint that was not what it seemed.
      this.begin({ step: step.step - 1, reason: "begins the picture anew: it could not be gone on with" });
    }
    this.#latest = step.step;
    this.#waiting.add(step);
    if (this.#waiting.size > MAX_WAITING) {
      const oldest = this.#waiting.values().find(({ regionMasks }) => regionMasks === null);
      if (oldest !== undefined) this.#waiting.delete(oldest);
    }
    this.#queue(async () => {
      if (this.#waiting.delete(step)) await this.#record(step);
    });
  }

  /**
   * Resolves when everything is recorded, or could not be for a fault of the store.
   * @throws what else went wrong.
   */
  async settled(): Promise<void> {
    await this.#recorded;
    if (this.#failed !== undefined) throw this.#failed;
  }

  #queue(call: () => Promise<void>): void {
    const { generation: { id } } = this.claim;
    this.#recorded = this.#recorded.then(call).catch((error) => {
      if (error instanceof StorageError) {
        // The picture is worth more than the record of its steps.
        if (this.#unrecorded++ === 0) log.error("Cannot record steps of {id}: {error}", { id, error });
        return;
      }
      this.#failed = error;
      this.options.stop.abort();
    });
  }

  async #record(step: PictureStep): Promise<void> {
    const { generation: { id, request }, token } = this.claim;
    const { work, estimator } = this.services;
    const { previews, stop, shutdown, retryMs } = this.options;
    const shape = { ...request, previews: step.previewMethod };
    if (step.alone) estimator.record(shape, step);
    this.#pace = this.#paceWith(step, estimator.estimate(shape, { passes: step.passes, previews: 1 }));
    const left = { passes: step.passesLeft, previews: previews.wantedAfter(step.step) };
    const etaMs = estimator.estimate(request, left);
    const { width, height, data: pixels } = step.preview;
    const { cancelRequested } = await work.progress(id, token, {
      step: step.step,
      etaMs: etaMs && etaMs * this.#pace,
      preview: { width, height, pixels, ...request.count !== undefined && { picture: step.picture } },
    });
    if (cancelRequested) stop.abort();
    const { regionMasks } = step;
    if (regionMasks === null) return;
    const options = { task: `keep the masks of ${id}`, signal: shutdown, firstWaitMs: retryMs };
    await untilStored(() => this.#keepMasks(regionMasks), options);
  }

  /** How long a step took, as a part of what this worker alone would have needed: less while others help with it. */
  #paceWith({ alone, stepMs }: PictureStep, expectedMs: number | null): number {
    if (alone || expectedMs === null || expectedMs === 0) return 1;
    return this.#pace + NEWEST * (stepMs / expectedMs - this.#pace);
  }

  /** Stores where regions were found by words; for the record, so that they wait for the store as the picture does. */
  async #keepMasks(found: readonly FoundMask[]): Promise<void> {
    const { generation: { id }, token } = this.claim;
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
}
