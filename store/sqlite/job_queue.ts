/** The job queue on SQLite. */

import { type Kysely, sql, type Transaction } from "kysely";
import { InvalidInputError } from "../../errors.ts";
import { DuplicateGenerationError, LeaseLostError, QueueFullError } from "../../jobs/errors.ts";
import type { EventBody } from "../../jobs/events.ts";
import {
  type Generation,
  type GenerationError,
  type GenerationImage,
  type GenerationMetrics,
  type GenerationStatus,
  isTerminal,
} from "../../jobs/generation.ts";
import type { Idempotency } from "../../jobs/idempotency.ts";
import type { GenerationObserver } from "../../jobs/observer.ts";
import type {
  CancelOutcome,
  Claim,
  DeleteOutcome,
  Enqueued,
  EnqueueOptions,
  GenerationPage,
  JobQueue,
  ListOptions,
  QueueStats,
  Recovered,
  RecoverOptions,
  StepProgress,
} from "../../jobs/queue.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import { uuidV7Source } from "../uuid_v7.ts";
import { forgetUses, noteMasks, noteUse } from "./asset_use_rows.ts";
import type { Bell } from "./bell.ts";
import { expireOverdue, hasOverdue } from "./deadlines.ts";
import { appendEvent } from "./event_rows.ts";
import {
  countGenerations,
  findByKey,
  findGeneration,
  listGenerations,
  meanDurationMs,
  queueStats,
} from "./generation_queries.ts";
import {
  changeStatus,
  type ChangeTimes,
  failed,
  type GenerationRow,
  toGeneration,
  UNHELD,
  WAITING,
} from "./generation_rows.ts";
import { admit, refund } from "./lane_limits.ts";
import { recoverLost } from "./recovery.ts";
import type { StoreTables } from "./tables.ts";
import { giveTurnBack, nextInTurn, positionOf, takeTurn } from "./turns.ts";

/** How the queue behaves. */
export interface SqliteJobQueueOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How many generations may wait before new ones are refused. */
  readonly maxQueued: number;
  /** How many workers may be lost over one generation before it fails. */
  readonly maxAttempts: number;
  /** How long `waitForWork` waits without a notification, in milliseconds. */
  readonly pollMs: number;
  /** Previews of generations that completed longer ago, in milliseconds, are deleted. */
  readonly previewRetentionMs: number;
  /** Is told of every change of a status. */
  readonly observer?: GenerationObserver | undefined;
}

/** The bell's topic for those who wait for work; all others are generation ids. */
const WORK = "work";

/** What the queue tells a refused client to wait when nothing has finished yet, in milliseconds. */
const FIRST_RETRY_MS = 5000;

/** Generations in SQLite. Workers in this process are woken through the bell. */
export class SqliteJobQueue implements JobQueue {
  readonly #db: Kysely<StoreTables>;
  readonly #bell: Bell;
  readonly #options: SqliteJobQueueOptions;
  readonly #newId: () => string;

  constructor(db: Kysely<StoreTables>, bell: Bell, options: SqliteJobQueueOptions) {
    this.#db = db;
    this.#bell = bell;
    this.#options = options;
    this.#newId = uuidV7Source(options.now);
  }

  enqueue(request: GenerationRequest, options: EnqueueOptions = {}): Promise<Enqueued> {
    const id = options.id ?? this.#newId();
    const { idempotency, owner = null, lane = "", priority = 0, expiresAt = null, limits = {} } = options;
    return this.#change([id, WORK], async (db, times) => {
      const original = idempotency && await findByKey(db, idempotency, owner);
      if (original !== undefined) return { generation: toGeneration(original), created: false };
      await this.#refuseIfFull(db);
      if (await findGeneration(db, id) !== undefined) throw new DuplicateGenerationError(id);
      const work = { generationId: id, lane, amount: request.width * request.height * request.steps };
      await admit(db, work, limits, times.now, () => this.#meanDurationMs(db));
      await noteMasks(db, request.layout, "MASK", id);
      const row = await db.insertInto("generations")
        .values({
          ...WAITING,
          id,
          owner,
          lane,
          priority,
          expires_at: expiresAt,
          request: JSON.stringify(request),
          idempotency_key: idempotency?.key ?? null,
          fingerprint: idempotency?.fingerprint ?? null,
          attempts: 0,
          created_at: times.now,
          completed_at: null,
          error: null,
          image: null,
          metrics: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      times.changed.push(row);
      await appendEvent(db, id, { type: "STATUS", status: "QUEUED", reason: null }, times.now, times.previewsUntil);
      return { generation: toGeneration(row), created: true };
    });
  }

  async claim(workerId: string, leaseMs: number): Promise<Claim | null> {
    await this.expire();
    const claim = await this.#change([], async (db, times) => {
      const next = await nextInTurn(db);
      if (next === undefined) return null;
      const { token } = await db.updateTable("fencing").set({ token: sql<number>`token + 1` }).returning("token")
        .executeTakeFirstOrThrow();
      await takeTurn(db, next.lane, token);
      const row = await changeStatus(
        db,
        next.id,
        {
          status: "RUNNING",
          attempts: next.attempts + 1,
          started_at: times.now,
          worker_id: workerId,
          token,
          lease_expires_at: leaseEnd(times.now, leaseMs),
        },
        null,
        times,
      );
      return { generation: toGeneration(row), token };
    });
    if (claim !== null) this.#bell.ring(claim.generation.id);
    return claim;
  }

  async renew(id: string, token: number, leaseMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db.updateTable("generations")
      .set({ lease_expires_at: leaseEnd(this.#options.now(), leaseMs) })
      .where("id", "=", id).where("token", "=", token)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  progress(id: string, token: number, { step, etaMs, preview }: StepProgress): Promise<{ cancelRequested: boolean }> {
    return this.#change([id], async (db, times) => {
      const { request: { steps }, status } = toGeneration(await held(db, id, token));
      if (!Number.isInteger(step) || step < 0 || step > steps) {
        throw new InvalidInputError("OUT_OF_RANGE", ["step"], step, `must be an integer from 0 to ${steps}`);
      }
      await db.updateTable("generations").set({ step, eta_ms: etaMs }).where("id", "=", id).execute();
      const append = (event: EventBody) => appendEvent(db, id, event, times.now, times.previewsUntil);
      await append({ type: "PROGRESS", step, steps, etaMs });
      if (preview !== null) await append({ type: "PREVIEW", step, steps, ...preview });
      return { cancelRequested: status === "CANCELING" };
    });
  }

  requestCancel(id: string): Promise<CancelOutcome> {
    return this.#change([id], async (db, times): Promise<CancelOutcome> => {
      const row = await findGeneration(db, id);
      if (row === undefined) return "NOT_FOUND";
      if (row.status === "CANCELED" || row.status === "CANCELING") return row.status;
      if (isTerminal(row.status)) return "ALREADY_FINISHED";
      const status = row.status === "QUEUED" ? "CANCELED" : "CANCELING";
      await changeStatus(db, id, { status }, "cancellation requested", times);
      if (status === "CANCELED" && row.attempts === 0) await refund(db, id);
      return status;
    });
  }

  complete(
    id: string,
    token: number,
    result: { readonly image: GenerationImage; readonly metrics: GenerationMetrics | null },
  ): Promise<void> {
    return this.#change([id], async (db, times) => {
      const { request } = toGeneration(await held(db, id, token));
      const image = JSON.stringify(result.image);
      const metrics = result.metrics === null ? null : JSON.stringify(result.metrics);
      await noteUse(db, result.image.assetKey, "PICTURE", id);
      await changeStatus(db, id, { ...UNHELD, status: "SUCCEEDED", step: request.steps, image, metrics }, null, times);
    });
  }

  fail(id: string, token: number, error: GenerationError): Promise<void> {
    return this.#change([id], async (db, times) => {
      await held(db, id, token);
      await changeStatus(db, id, failed(error), error.message, times);
    });
  }

  release(id: string, token: number, reason: string): Promise<void> {
    return this.#change([id, WORK], async (db, times) => {
      const row = await held(db, id, token);
      if (row.status === "CANCELING") {
        await changeStatus(db, id, { ...UNHELD, status: "CANCELED" }, null, times);
      } else {
        await changeStatus(db, id, { ...WAITING, attempts: row.attempts - 1 }, reason, times);
        await giveTurnBack(db, row.lane);
      }
    });
  }

  async recover(options: RecoverOptions = {}): Promise<Recovered> {
    const recovered = await this.#change([], (db, times) => {
      const expiredAt = options.allLeases ? null : options.now ?? times.now;
      return recoverLost(db, expiredAt, this.#options.maxAttempts, times);
    });
    for (const id of Object.values(recovered).flat()) this.#bell.ring(id);
    if (recovered.requeued.length > 0) this.#bell.ring(WORK);
    return recovered;
  }

  async waitForWork(signal: AbortSignal): Promise<void> {
    // Listening before looking: a generation enqueued in between rings.
    using ring = this.#bell.listen(WORK, [signal], this.#options.pollMs);
    if (await countGenerations(this.#db, "QUEUED") === 0) await ring.heard;
  }

  async expire(): Promise<readonly string[]> {
    if (!await hasOverdue(this.#db, this.#options.now())) return [];
    const expired = await this.#change([], expireOverdue);
    for (const id of expired) this.#bell.ring(id);
    return expired;
  }

  delete(id: string): Promise<DeleteOutcome> {
    return this.#change([id], async (db) => {
      const row = await findGeneration(db, id);
      if (row === undefined) return "NOT_FOUND";
      if (!isTerminal(row.status)) return "NOT_FINISHED";
      await forgetUses(db, id);
      await db.deleteFrom("generations").where("id", "=", id).execute();
      return "DELETED";
    });
  }

  async finished({ until, first }: { readonly until: number; readonly first: number }): Promise<readonly string[]> {
    const rows = await this.#db.selectFrom("generations").select("id").where("completed_at", "<", until)
      .orderBy("completed_at").orderBy("ordinal").limit(first).execute();
    return rows.map(({ id }) => id);
  }

  position(id: string): Promise<number | null> {
    return positionOf(this.#db, id);
  }

  stats(): Promise<QueueStats> {
    return queueStats(this.#db);
  }

  async get(id: string): Promise<Generation | null> {
    const row = await findGeneration(this.#db, id);
    return row === undefined ? null : toGeneration(row);
  }

  async findByKey(idempotency: Idempotency, owner: string | null): Promise<Generation | null> {
    const row = await findByKey(this.#db, idempotency, owner);
    return row === undefined ? null : toGeneration(row);
  }

  list(options: ListOptions): Promise<GenerationPage> {
    return listGenerations(this.#db, options);
  }

  count(status?: GenerationStatus): Promise<number> {
    return countGenerations(this.#db, status);
  }

  /** Runs a change in one transaction; after the commit, tells the observer and rings the topics. */
  async #change<T>(
    topics: readonly string[],
    change: (db: Transaction<StoreTables>, times: ChangeTimes) => Promise<T>,
  ): Promise<T> {
    const { observer, previewRetentionMs } = this.#options;
    const changed: GenerationRow[] = [];
    const result = await this.#db.transaction().execute((db) => {
      // Read inside the transaction, so that times follow the order of changes.
      const now = this.#options.now();
      return change(db, { now, previewsUntil: now - previewRetentionMs, changed });
    });
    if (observer !== undefined) { for (const row of changed) observer.statusChanged(toGeneration(row)); }
    for (const topic of topics) this.#bell.ring(topic);
    return result;
  }

  async #refuseIfFull(db: Transaction<StoreTables>): Promise<void> {
    const { maxQueued } = this.#options;
    if (await countGenerations(db, "QUEUED") < maxQueued) return;
    // A place becomes free when a worker is done with its picture and claims the next.
    throw new QueueFullError(maxQueued, Math.ceil(await this.#meanDurationMs(db)));
  }

  async #meanDurationMs(db: Transaction<StoreTables>): Promise<number> {
    return await meanDurationMs(db) ?? FIRST_RETRY_MS;
  }
}

/** The row of a generation that `token` holds. @throws {LeaseLostError} if it does not. */
async function held(db: Transaction<StoreTables>, id: string, token: number): Promise<GenerationRow> {
  const row = await findGeneration(db, id);
  if (row?.token !== token) throw new LeaseLostError(id, token);
  return row;
}

function leaseEnd(now: number, leaseMs: number): number {
  if (!(leaseMs > 0)) throw new RangeError(`Cannot lease a generation for ${leaseMs} ms: must be greater than 0`);
  return Math.ceil(now + leaseMs);
}
