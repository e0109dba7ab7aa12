/** Whose turn it is: lanes are served one after the other, so that no lane waits for all that another asked for. */

import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { Change } from "./change.ts";
import { lockGeneration } from "./generation_queries.ts";
import type { StoreTables } from "./tables.ts";

/** Lanes that were not served for so many claims are forgotten; they are as good as new then. */
const REMEMBERED = 10_000;

/** Claims between two looks for such lanes. */
const SWEPT_EVERY = 100;

/** A queued generation that is next. */
export interface Next {
  readonly id: string;
  readonly lane: string;
  readonly attempts: number;
}

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
 * The first of them. Goes from lane to lane along the index `waiting`, so that it takes no longer where more generations
 * wait, but where more lanes do. What is looked up is a single value each time: a join could be done by reading the whole
 * table, and PostgreSQL would.
 */
const FIRST = sql<Next>`
  WITH RECURSIVE lanes (lane) AS (
    SELECT min(lane) FROM generations WHERE status = 'QUEUED'
    UNION ALL
    SELECT (SELECT min(lane) FROM generations WHERE status = 'QUEUED' AND lane > lanes.lane)
    FROM lanes WHERE lanes.lane IS NOT NULL
  )
  SELECT id, lane, attempts FROM generations WHERE ordinal = (
    SELECT heads.ordinal
    FROM (
      SELECT
        (SELECT turn FROM turns WHERE turns.lane = lanes.lane) AS turn,
        (
          SELECT ordinal FROM generations
          WHERE status = 'QUEUED' AND lane = lanes.lane ORDER BY priority DESC, ordinal LIMIT 1
        ) AS ordinal
      FROM lanes WHERE lanes.lane IS NOT NULL
    ) AS heads
    ORDER BY coalesce(heads.turn, 0), heads.ordinal LIMIT 1
  )`;

/** The same of some models only: along the index `waiting_by_model`, each lane's first of all these models. */
function firstOf(models: readonly string[]): RawBuilder<Next> {
  const named = sql.join(models.map((model) => sql`SELECT cast(${model} AS text) AS model`), sql` UNION ALL `);
  return sql<Next>`
    WITH RECURSIVE lanes (model, lane) AS (
      SELECT named.model,
        (SELECT min(lane) FROM generations WHERE status = 'QUEUED' AND generations.model = named.model)
      FROM (${named}) AS named
      UNION ALL
      SELECT lanes.model,
        (SELECT min(lane) FROM generations
          WHERE status = 'QUEUED' AND generations.model = lanes.model AND lane > lanes.lane)
      FROM lanes WHERE lanes.lane IS NOT NULL
    ), firsts AS (
      SELECT lanes.lane,
        (
          SELECT priority FROM generations
          WHERE status = 'QUEUED' AND generations.model = lanes.model AND lane = lanes.lane
          ORDER BY priority DESC, ordinal LIMIT 1
        ) AS priority,
        (
          SELECT ordinal FROM generations
          WHERE status = 'QUEUED' AND generations.model = lanes.model AND lane = lanes.lane
          ORDER BY priority DESC, ordinal LIMIT 1
        ) AS ordinal
      FROM lanes WHERE lanes.lane IS NOT NULL
    ), heads AS (
      SELECT lane, ordinal, row_number() OVER (PARTITION BY lane ORDER BY priority DESC, ordinal) AS place FROM firsts
    )
    SELECT id, lane, attempts FROM generations WHERE ordinal = (
      SELECT heads.ordinal FROM heads WHERE heads.place = 1
      ORDER BY coalesce((SELECT turn FROM turns WHERE turns.lane = heads.lane), 0), heads.ordinal LIMIT 1
    )`;
}

/**
 * The generation to be claimed next, which nobody else changes until the change ends; undefined if none waits.
 * @param models Only of these; undefined for any.
 */
export async function nextInTurn(change: Change, models: readonly string[] | undefined): Promise<Next | undefined> {
  if (models?.length === 0) return undefined;
  const first = models === undefined ? FIRST : firstOf(models);
  for (;;) {
    const { rows: [next] } = await first.execute(change.db);
    if (next === undefined || !change.engine.rowLocks) return next;
    const locked = await lockGeneration(change, next.id);
    if (locked?.status === "QUEUED") return next;
    // It was canceled, or expired, in between.
  }
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
