/** The job queue in a database. */

import { heldRuns } from "../../compute/pipeline/held_runs.ts";
import { pixelSteps } from "../../compute/pipeline/second_request.ts";
import { DuplicateGenerationError, QueueFullError } from "../../jobs/errors.ts";
import { isTerminal } from "../../jobs/generation.ts";
import type { CancelOutcome, Enqueued, EnqueueOptions, JobQueue, Outlook, QueueStats } from "../../jobs/queue.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import { imageUses } from "../../requests/request_images.ts";
import { uuidV7Source } from "../uuid_v7.ts";
import { noteUse } from "./asset_use_rows.ts";
import type { Change } from "./change.ts";
import type { Changes } from "./changes.ts";
import { expireOverdue } from "./deadlines.ts";
import { appendEvent } from "./event_rows.ts";
import {
  countByModel,
  countQueued,
  findByKey,
  findGeneration,
  lockGeneration,
  meanDurationMs,
  queueStats,
} from "./generation_queries.ts";
import { changeStatus, toGeneration, WAITING } from "./generation_rows.ts";
import { admit, refund } from "./lane_limits.ts";
import { outlookOf, positionOf } from "./turns.ts";

/** What the queue tells a refused client to wait when nothing has finished yet, in milliseconds. */
const FIRST_RETRY_MS = 5000;

/** Generations in a database, as those see them who want pictures. */
export class SqlJobQueue implements JobQueue {
  readonly #changes: Changes;
  readonly #maxQueued: number;
  readonly #newId: () => string;

  /** @param options.maxQueued How many generations may wait before new ones are refused. */
  constructor(changes: Changes, { maxQueued }: { readonly maxQueued: number }) {
    this.#changes = changes;
    this.#maxQueued = maxQueued;
    this.#newId = uuidV7Source(() => changes.now());
  }

  enqueue(request: GenerationRequest, options: EnqueueOptions = {}): Promise<Enqueued> {
    const id = options.id ?? this.#newId();
    const { idempotency, owner = null, lane = "", priority = 0, expiresAfterMs = null, limits = {} } = options;
    return this.#changes.make(async (change) => {
      const { db, engine, now } = change;
      await engine.enter(db, "ENQUEUE");
      const original = idempotency && await findByKey(db, idempotency, owner);
      if (original !== undefined) return { generation: toGeneration(original), created: false };
      await this.#refuseIfFull(change);
      if (await findGeneration(db, id) !== undefined) throw new DuplicateGenerationError(id);
      const amount = pixelSteps(request) * (request.count ?? 1) * heldRuns(request).length;
      await admit(db, { generationId: id, lane, amount }, limits, now, () => meanOrFirst(change));
      for (const { asset } of imageUses(request)) await noteUse(db, asset, "MASK", id);
      const row = await db.insertInto("generations")
        .values({
          ...WAITING,
          id,
          owner,
          lane,
          priority,
          expires_at: expiresAfterMs === null ? null : Math.ceil(now + expiresAfterMs),
          request: JSON.stringify(request),
          model: request.model,
          work: options.work ?? null,
          idempotency_key: idempotency?.key ?? null,
          fingerprint: idempotency?.fingerprint ?? null,
          attempts: 0,
          created_at: now,
          completed_at: null,
          error: null,
          image: null,
          more_images: null,
          metrics: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      change.changed.push(row);
      await appendEvent(change, id, { type: "STATUS", status: "QUEUED", reason: null });
      return { generation: toGeneration(row), created: true };
    });
  }

  requestCancel(id: string): Promise<CancelOutcome> {
    return this.#changes.make(async (change): Promise<CancelOutcome> => {
      const row = await lockGeneration(change, id);
      if (row === undefined) return "NOT_FOUND";
      if (row.status === "CANCELED" || row.status === "CANCELING") return row.status;
      if (isTerminal(row.status)) return "ALREADY_FINISHED";
      const status = row.status === "QUEUED" ? "CANCELED" : "CANCELING";
      await changeStatus(change, id, { status }, "cancellation requested");
      if (status === "CANCELED" && row.attempts === 0) await refund(change.db, id);
      return status;
    });
  }

  position(id: string): Promise<number | null> {
    return positionOf(this.#changes.db, id);
  }

  expire(): Promise<readonly string[]> {
    return expireOverdue(this.#changes);
  }

  stats(): Promise<QueueStats> {
    return queueStats(this.#changes.db);
  }

  outlook(): Promise<Outlook> {
    return outlookOf(this.#changes.db);
  }

  queuedByModel(): Promise<ReadonlyMap<string, number>> {
    return countByModel(this.#changes.db);
  }

  async #refuseIfFull(change: Change): Promise<void> {
    if (await countQueued(change.db) < this.#maxQueued) return;
    // There is room for one more when a worker is done with its picture and claims the next.
    throw new QueueFullError(this.#maxQueued, Math.ceil(await meanOrFirst(change)));
  }
}

async function meanOrFirst({ db }: Change): Promise<number> {
  return await meanDurationMs(db) ?? FIRST_RETRY_MS;
}
