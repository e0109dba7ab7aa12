/** Whose turn it is: lanes are served one after the other, so that no lane waits for all that another asked for. */

import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { StoreTables } from "./tables.ts";

/** Lanes that were not served for so many claims are forgotten; they are as good as new then. */
const REMEMBERED = 10_000;

/** Claims between two looks for such lanes. */
const SWEPT_EVERY = 100;

/**
 * The first generation of each lane that has some waiting, the lane that was served longest ago first. Lanes that were
 * never served come before, in the order in which their first generations arrived.
 */
const HEADS = sql`
  SELECT heads.id, heads.lane, heads.attempts, heads.waiting, coalesce(turns.turn, 0) AS turn, heads.ordinal
  FROM (
    SELECT id, lane, attempts, ordinal,
      count(*) OVER (PARTITION BY lane) AS waiting,
      row_number() OVER (PARTITION BY lane ORDER BY priority DESC, ordinal) AS place
    FROM generations WHERE status = 'QUEUED'
  ) AS heads LEFT JOIN turns ON turns.lane = heads.lane
  WHERE heads.place = 1
  ORDER BY turn, heads.ordinal`;

/**
 * The ordinal of the generation that is claimed next, as a subquery. Goes from lane to lane along an index, so that it
 * takes no longer where more generations wait, but where more lanes do. Each look is for the first row in the order of
 * that index, whatever PostgreSQL knows of the table: it would read all that waits for a `min`, and the whole table for a
 * join, where it believes that they are few.
 * @param models Only of these, along the index `waiting_by_model`; undefined for any, along `waiting`.
 */
export function firstInTurn(models: readonly string[] | undefined): RawBuilder<number> {
  const named = (models ?? [null]).map((model) => sql`SELECT cast(${model} AS text) AS model`);
  const waiting = (model: RawBuilder<unknown>, after: RawBuilder<unknown>) =>
    sql`FROM generations WHERE status = 'QUEUED' ${models === undefined ? sql`` : sql`AND model = ${model}`} ${after}
      ORDER BY lane, priority DESC, ordinal LIMIT 1`;
  const first = waiting(sql`named.model`, sql``);
  const next = waiting(sql`heads.model`, sql`AND lane > heads.lane`);
  // Along one index a lane has one head.
  const priority = named.length < 2 ? sql`0` : sql`(SELECT priority FROM generations WHERE ordinal = heads.ordinal)`;
  return sql<number>`(
    WITH RECURSIVE heads (model, lane, ordinal) AS (
      SELECT model, (SELECT lane ${first}), (SELECT ordinal ${first}) FROM (${
    sql.join(named, sql` UNION ALL `)
  }) AS named
      UNION ALL
      SELECT model, (SELECT lane ${next}), (SELECT ordinal ${next}) FROM heads WHERE lane IS NOT NULL
    ), places AS (
      SELECT lane, ordinal, row_number() OVER (PARTITION BY lane ORDER BY ${priority} DESC, ordinal) AS place
      FROM heads WHERE lane IS NOT NULL
    )
    SELECT ordinal FROM places WHERE place = 1
    ORDER BY coalesce((SELECT turn FROM turns WHERE turns.lane = places.lane), 0), ordinal LIMIT 1
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
  const { before } = await db.selectFrom("generations").select((e) => e.fn.countAll<number>().as("before"))
    .where("status", "=", "QUEUED").where("lane", "=", own.lane)
    .where((e) =>
      e.or([
        e("priority", ">", own.priority),
        e.and([e("priority", "=", own.priority), e("ordinal", "<", own.ordinal)]),
      ])
    ).executeTakeFirstOrThrow();
  const { rows: lanes } = await sql<{ lane: string; waiting: number }>`${HEADS}`.execute(db);
  const ownPlace = lanes.findIndex(({ lane }) => lane === own.lane);
  // Its lane is served `before` times first; each other lane once in every round, while it has something waiting.
  const others = lanes.map(({ lane, waiting }, place) =>
    lane === own.lane ? 0 : Math.min(waiting, before + (place < ownPlace ? 1 : 0))
  );
  return others.reduce((sum, count) => sum + count, before);
}
