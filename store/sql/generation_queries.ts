/** What is asked about generations without changing them. */

import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import { InvalidInputError } from "../../errors.ts";
import { IdempotencyConflictError } from "../../jobs/errors.ts";
import type { GenerationPage, ListOptions } from "../../jobs/generation_store.ts";
import type { Idempotency } from "../../jobs/idempotency.ts";
import type { QueueStats } from "../../jobs/queue.ts";
import type { Change } from "./change.ts";
import { toGeneration } from "./generation_rows.ts";
import type { GenerationRow, StoreTables } from "./tables.ts";

/** How many finished generations an estimate looks back on. */
const RECENT = 20;

/** The generation with this id. */
export function findGeneration(db: Kysely<StoreTables>, id: string): Promise<GenerationRow | undefined> {
  return db.selectFrom("generations").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The generation with this id, which nobody else changes until the change ends. */
export function lockGeneration({ db, engine }: Change, id: string): Promise<GenerationRow | undefined> {
  return db.selectFrom("generations").selectAll().where("id", "=", id)
    .$if(engine.rowLocks, (query) => query.forUpdate()).executeTakeFirst();
}

/**
 * The generation that an owner's idempotency key stands for. Where that was accepted before inputs had fingerprints,
 * the key alone tells.
 * @throws {IdempotencyConflictError} if it stands for another input.
 */
export async function findByKey(
  db: Kysely<StoreTables>,
  { key, fingerprint }: Idempotency,
  owner: string | null,
): Promise<GenerationRow | undefined> {
  const row = await db.selectFrom("generations").selectAll().where("idempotency_key", "=", key)
    .where(sql`coalesce(owner, '')`, "=", owner ?? "").executeTakeFirst();
  if (row !== undefined && row.fingerprint !== null && row.fingerprint !== fingerprint) {
    throw new IdempotencyConflictError(key, row.id);
  }
  return row;
}

/**
 * A page of generations, the latest enqueued first.
 * @throws {InvalidInputError} if `first` is not a positive integer or `after` is not the id of a generation.
 */
export async function listGenerations(db: Kysely<StoreTables>, options: ListOptions): Promise<GenerationPage> {
  const { first, after, status, owner } = options;
  if (!Number.isInteger(first) || first < 1) {
    throw new InvalidInputError("OUT_OF_RANGE", ["first"], first, "must be an integer of at least 1");
  }
  // One more than asked for tells whether there is a next page.
  let query = db.selectFrom("generations").selectAll().orderBy("ordinal", "desc").limit(first + 1);
  if (after !== undefined) {
    const cursor = await findGeneration(db, after);
    if (cursor === undefined || owner !== undefined && cursor.owner !== owner) {
      throw new InvalidInputError("INVALID_VALUE", ["after"], after, "must be the id of a generation");
    }
    query = query.where("ordinal", "<", cursor.ordinal);
  }
  if (status !== undefined) query = query.where("status", "=", status);
  if (owner !== undefined) query = query.where("owner", "=", owner);
  const rows = await query.execute();
  return { items: rows.slice(0, first).map(toGeneration), hasNextPage: rows.length > first };
}

/** How many generations wait. */
export async function countQueued(db: Kysely<StoreTables>): Promise<number> {
  const { count } = await db.selectFrom("queued").select((e) => e.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** Those that wait, of some models or of any. */
export function queuedOf(
  db: Kysely<StoreTables>,
  models: readonly string[] | undefined,
): SelectQueryBuilder<StoreTables, "queued", object> {
  const queued = db.selectFrom("queued");
  return models === undefined ? queued : queued.where("model", "in", models);
}

/** Whether any generation waits, of some models or of any. */
export async function anyQueued(db: Kysely<StoreTables>, models?: readonly string[]): Promise<boolean> {
  return await queuedOf(db, models).select("id").limit(1).executeTakeFirst() !== undefined;
}

/** How many generations wait and how many are in a worker's hands, at one moment. */
export async function queueStats(db: Kysely<StoreTables>): Promise<QueueStats> {
  const rows = await db.selectFrom("generations").select(["status", (e) => e.fn.countAll<number>().as("count")])
    .where("status", "in", ["QUEUED", "RUNNING", "CANCELING"]).groupBy("status").execute();
  const count = new Map(rows.map((r) => [r.status, r.count]));
  return {
    queued: count.get("QUEUED") ?? 0,
    running: (count.get("RUNNING") ?? 0) + (count.get("CANCELING") ?? 0),
  };
}

/** How many generations wait for each model. */
export async function countByModel(db: Kysely<StoreTables>): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom("queued").select(["model", (e) => e.fn.countAll<number>().as("count")])
    .groupBy("model").execute();
  return new Map(rows.map(({ model, count }) => [model, Number(count)]));
}

/** How long recent pictures took, in milliseconds on average; null if there is none yet. */
export async function meanDurationMs(db: Kysely<StoreTables>): Promise<number | null> {
  const rows = await db.selectFrom("generations").select(["started_at", "completed_at"])
    .where("status", "=", "SUCCEEDED").orderBy("ordinal", "desc").limit(RECENT).execute();
  const durations = rows.map((r) => (r.completed_at ?? 0) - (r.started_at ?? 0));
  return durations.length === 0 ? null : durations.reduce((sum, d) => sum + d, 0) / durations.length;
}
