/** What is kept, and for how long: finished generations, their pictures, and masks that nothing uses. */

import { getLogger } from "@logtape/logtape";
import type { KeptFiles } from "../assets/kept_files.ts";
import type { DeleteOutcome, GenerationStore } from "./generation_store.ts";
import { imageUses } from "./request_images.ts";

const log = getLogger(["parterre", "jobs", "retention"]);

/** How long, and how much. Absent is for ever, and any amount. */
export interface RetentionPolicy {
  /** Milliseconds after its end that a generation is kept, and after its upload a mask that nothing uses. */
  readonly maxAgeMs?: number | undefined;
  /** Bytes of pictures and uploads; beyond, the generations that ended first go. */
  readonly maxBytes?: number | undefined;
}

/** How long masks that nothing uses are kept where no time is named, in milliseconds: a day. */
const UNUSED_MS = 86_400_000;

/** How many generations are looked up at once. */
const BATCH = 100;

/** Deletes generations with their files. */
export class Retention {
  constructor(
    private readonly generations: Pick<GenerationStore, "get" | "delete" | "finished">,
    private readonly files: KeptFiles,
    private readonly policy: RetentionPolicy,
    private readonly now: () => number = Date.now,
  ) {}

  /** Removes a finished generation, and its picture and the images that it read unless something else uses them. */
  async deleteGeneration(id: string): Promise<DeleteOutcome> {
    const generation = await this.generations.get(id);
    const outcome = await this.generations.delete(id);
    if (generation === null || outcome !== "DELETED") return outcome;
    const files = new Set(imageUses(generation.request).map(({ asset }) => asset));
    if (generation.image !== null) files.add(generation.image.assetKey);
    for (const file of files) await this.files.removeUnused(file);
    return outcome;
  }

  /** Removes what the policy keeps no longer; nothing where there is none. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { maxAgeMs, maxBytes } = this.policy;
    if (maxAgeMs === undefined && maxBytes === undefined) return;
    let removed = 0;
    if (maxAgeMs !== undefined) {
      const until = this.now() - maxAgeMs;
      while (!signal.aborted) {
        const old = await this.generations.finished({ until, first: BATCH });
        for (const id of old) await this.deleteGeneration(id);
        removed += old.length;
        if (old.length < BATCH) break;
      }
    }
    const uploads = await this.files.forgetUploads(this.now() - (maxAgeMs ?? UNUSED_MS));
    while (maxBytes !== undefined && !signal.aborted && await this.files.bytes() > maxBytes) {
      const [oldest] = await this.generations.finished({ until: this.now(), first: 1 });
      if (oldest === undefined) break;
      await this.deleteGeneration(oldest);
      removed++;
    }
    if (removed + uploads > 0) {
      log.info("Removed {generations} generations and {uploads} unused uploads", { generations: removed, uploads });
    }
  }
}
