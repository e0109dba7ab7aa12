/** Whose turn it is: lanes are served one after the other, so that no lane waits for all that another asked for. */

import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { Outlook } from "../../jobs/queue.ts";
import { inTurnOrder } from "../../jobs/turn_order.ts";
import type { StoreTables } from "./tables.ts";

/** Lanes that were not served for so many claims are forgotten; they are as good as new then. */
const REMEMBERED = 10_000;

/** Claims between two looks for such lanes. */
const SWEPT_EVERY = 100;

/**
 * Lanes that have some waiting, with how many, the lane that was served longest ago first. Those that were never served
 * come before, in the order in which their first generations arrived.
 */
const LANES = sql<{ readonly lane: string; readonly waiting: number }>`
  SELECT heads.lane, heads.waiting, coalesce(turns.turn, 0) AS turn, heads.ordinal
  FROM (
    SELECT lane, ordinal,
      count(*) OVER (PARTITION BY lane) AS waiting,
      row_number() OVER (PARTITION BY lane ORDER BY rank, ordinal) AS place
    FROM queued
  ) AS heads LEFT JOIN turns ON turns.lane = heads.lane
  WHERE heads.place = 1
  ORDER BY turn, heads.ordinal`;

/**
 * The ordinal of the generation that is claimed next, as a subquery: of the first of each lane, that of the lane which was
 * served longest ago. Goes from lane to lane along the table's own order, so that it takes no longer where more
 * generations wait, but where more lanes do. A value is looked up at a time: a join could be done by reading the whole
 * table, and PostgreSQL would.
 * @param models Only of these; undefined for any.
 */
export function firstInTurn(models: readonly string[] | undefined): RawBuilder<number> {
  return sql<number>`(
    WITH RECURSIVE ${models === undefined ? headsOfAny() : headsOf(models)}, places AS (
      SELECT lane, ordinal, row_number() OVER (PARTITION BY lane ORDER BY rank, ordinal) AS place
      FROM heads WHERE lane IS NOT NULL
    )
    SELECT ordinal FROM places WHERE place = 1
    ORDER BY coalesce((SELECT turn FROM turns WHERE turns.lane = places.lane), 0), ordinal LIMIT 1
  )`;
}

/** The first generations of the lanes of each model, and a row of nothing behind the last. */
function headsOfAny(): RawBuilder<unknown> {
  const first = (column: string, after = "") =>
    sql.raw(`(SELECT ${column} FROM queued ${after} ORDER BY model, lane, rank, ordinal LIMIT 1)`);
  const next = (column: string) => first(column, "WHERE (model, lane) > (heads.model, heads.lane)");
  return sql`heads (model, lane, rank, ordinal) AS (
    SELECT ${first("model")}, ${first("lane")}, ${first("rank")}, ${first("ordinal")}
    UNION ALL
    SELECT ${next("model")}, ${next("lane")}, ${next("rank")}, ${next("ordinal")} FROM heads WHERE lane IS NOT NULL
  )`;
}

/** The same of some models. */
function headsOf(models: readonly string[]): RawBuilder<unknown> {
  const named = sql.join(models.map((model) => sql`SELECT cast(${model} AS text) AS model`), sql` UNION ALL `);
  const first = (column: string, after = "") =>
    sql.raw(`(SELECT ${column} FROM queued WHERE model = last.model ${after} ORDER BY lane, rank, ordinal LIMIT 1)`);
  const next = (column: string) => first(column, "AND lane > last.lane");
  // Of one model a lane has one head, and its rank does not matter.
  const rank = (of: RawBuilder<unknown>) => models.length === 1 ? sql`0` : of;
  return sql`heads (model, lane, rank, ordinal) AS (
    SELECT model, ${first("lane")}, ${rank(first("rank"))}, ${first("ordinal")} FROM (${named}) AS last
    UNION ALL
    SELECT model, ${next("lane")}, ${rank(next("rank"))}, ${next("ordinal")}
    FROM heads AS last WHERE lane IS NOT NULL
  )`;
}

/** Notes that a lane was served, by the fencing token of the claim. */
export async function takeTurn(db: Transaction<StoreTables>, lane: string, token: number): Promise<void> {
  await db.insertInto("turns").values({ lane, turn: token })
    .onConflict((conflict) => conflict.column("lane").doUpdateSet({ turn: token })).execute();
  if (token % SWEPT_EVERY === 0) await db.deleteFrom("turns").where("turn", "<", token - REMEMBERED).execute();
}

/** Puts a lane first again: what it was served was taken back. */
export async function giveTurnBack(db: Transaction<StoreTables>, lane: string): Promise<void> {
  await db.deleteFrom("turns").where("lane", "=", lane).execute();
}

/** How many generations are claimed before this one, if no more arrive; null if it is not queued. */
export async function positionOf(db: Kysely<StoreTables>, id: string): Promise<number | null> {
  const own = await db.selectFrom("generations").select(["lane", "priority", "ordinal"])
    .where("id", "=", id).where("status", "=", "QUEUED").executeTakeFirst();
  if (own === undefined) return null;
  const { before } = await db.selectFrom("queued").select((e) => e.fn.countAll<number>().as("before"))
    .where("lane", "=", own.lane)
    .where((e) =>
      e.or([
        e("rank", "<", -own.priority),
        e.and([e("rank", "=", -own.priority), e("ordinal", "<", own.ordinal)]),
      ])
    ).executeTakeFirstOrThrow();
  const { rows: lanes } = await LANES.execute(db);
  const ownPlace = lanes.findIndex(({ lane }) => lane === own.lane);
  // Its lane is served `before` times first; each other lane once in every round, while it has something waiting.
  const others = lanes.map(({ lane, waiting }, place) =>
    lane === own.lane ? 0 : Math.min(waiting, before + (place < ownPlace ? 1 : 0))
  );
  return others.reduce((sum, count) => sum + count, before);
}

/** What waits, in turn, and what is in the hands of workers. */
export async function outlookOf(db: Kysely<StoreTables>): Promise<Outlook> {
  const waiting = await db.selectFrom("queued").select(["id", "model", "work", "lane", "rank", "ordinal"]).execute();
  const turns = await db.selectFrom("turns").selectAll().execute();
  // In an order that has an index, so that this is what is read.
  const held = await db.selectFrom("generations").select(["id", "model", "work", "eta_ms"])
    .where("token", "is not", null).orderBy("lease_expires_at").execute();
  return {
    waiting: inTurnOrder(waiting, new Map(turns.map(({ lane, turn }) => [lane, turn]))),
    running: held.map(({ eta_ms, ...one }) => ({ ...one, etaMs: eta_ms })),
  };
}
