/** The queue as one caller sees it: what belongs to others is not there. */

import { type Caller, sees, seesOnly } from "../access/caller.ts";
import type { KeptFiles } from "../assets/kept_files.ts";
import { InvalidInputErrors } from "../errors.ts";
import { maskUses } from "../layout/masks/mask_uses.ts";
import { missingMask } from "../requests/mask_library.ts";
import type { Generation } from "./generation.ts";
import type { Idempotency } from "./idempotency.ts";
import type { CancelOutcome, Enqueued, EnqueueOptions, GenerationPage, JobQueue, ListOptions } from "./queue.ts";
import type { GenerationRequest } from "./request.ts";

/** Generations for one caller. All that it enqueues belongs to it, in its lane and under its limits. */
export class CallerQueue {
  constructor(
    private readonly queue: JobQueue,
    private readonly files: Pick<KeptFiles, "holding" | "has">,
    private readonly caller: Caller,
  ) {}

  /**
   * See {@link JobQueue.enqueue}.
   * @throws {InvalidInputErrors} at each mask whose file has gone since the request was checked.
   */
  enqueue(
    request: GenerationRequest,
    options: Pick<EnqueueOptions, "idempotency" | "priority" | "expiresAt"> = {},
  ): Promise<Enqueued> {
    const { owner, lane, limits } = this.caller;
    const enqueue = () => this.queue.enqueue(request, { ...options, owner, lane, limits });
    const masks = maskUses(request.layout);
    if (masks.length === 0) return enqueue();
    return this.files.holding(async () => {
      const gone = [];
      for (const use of masks) if (!await this.files.has(use.asset)) gone.push(missingMask(use, ["input", "layout"]));
      if (gone.length > 0) throw new InvalidInputErrors(gone);
      return await enqueue();
    });
  }

  /** The generation; null if there is none, or if it is another's. */
  async get(id: string): Promise<Generation | null> {
    const generation = await this.queue.get(id);
    return generation !== null && sees(this.caller, generation.owner) ? generation : null;
  }

  /** See {@link JobQueue.findByKey}; keys of other callers are not looked at. */
  findByKey(idempotency: Idempotency): Promise<Generation | null> {
    return this.queue.findByKey(idempotency, this.caller.owner);
  }

  /** See {@link JobQueue.list}. */
  list(options: Omit<ListOptions, "owner">): Promise<GenerationPage> {
    const owner = seesOnly(this.caller);
    return this.queue.list(owner === undefined ? options : { ...options, owner });
  }

  /** How many generations are claimed before this one, those of others counted; null if it is not queued. */
  async position(id: string): Promise<number | null> {
    return await this.get(id) === null ? null : await this.queue.position(id);
  }

  /** See {@link JobQueue.requestCancel}. */
  async requestCancel(id: string): Promise<CancelOutcome> {
    return await this.get(id) === null ? "NOT_FOUND" : await this.queue.requestCancel(id);
  }
}
