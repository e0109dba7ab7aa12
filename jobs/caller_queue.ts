/** The queue as one caller sees it: what belongs to others is not there. */

import type { Caller } from "../access/caller.ts";
import type { KeptFiles } from "../assets/kept_files.ts";
import { InvalidInputErrors } from "../errors.ts";
import type { CallerGenerations } from "./caller_generations.ts";
import type { CancelOutcome, Enqueued, EnqueueOptions, JobQueue } from "./queue.ts";
import type { GenerationRequest } from "./request.ts";
import { imageUses } from "../requests/request_images.ts";

/** The queue for one caller. All that it enqueues belongs to it, in its lane and under its limits. */
export class CallerQueue {
  constructor(
    private readonly queue: JobQueue,
    private readonly generations: Pick<CallerGenerations, "get">,
    private readonly files: Pick<KeptFiles, "holding" | "has">,
    private readonly caller: Caller,
  ) {}

  /**
   * See {@link JobQueue.enqueue}.
   * @throws {InvalidInputErrors} at each image whose file has gone since the request was checked.
   */
  enqueue(
    request: GenerationRequest,
    options: Pick<EnqueueOptions, "idempotency" | "priority" | "expiresAfterMs" | "work"> = {},
  ): Promise<Enqueued> {
    const { owner, lane, limits } = this.caller;
    const enqueue = () => this.queue.enqueue(request, { ...options, owner, lane, limits });
    const images = imageUses(request);
    if (images.length === 0) return enqueue();
    return this.files.holding(async () => {
      const gone = [];
      for (const { asset, missing } of images) if (!await this.files.has(asset)) gone.push(missing);
      if (gone.length > 0) throw new InvalidInputErrors(gone);
      return await enqueue();
    });
  }

  /** See {@link JobQueue.requestCancel}. */
  async requestCancel(id: string): Promise<CancelOutcome> {
    return await this.generations.get(id) === null ? "NOT_FOUND" : await this.queue.requestCancel(id);
  }

  /** How many generations are claimed before this one, those of others counted; null if it is not queued. */
  async position(id: string): Promise<number | null> {
    return await this.generations.get(id) === null ? null : await this.queue.position(id);
  }
}
