/** What waits, in the order in which it will be claimed if no more arrives. */

import { type Kysely, sql } from "kysely";
import type { Outlook } from "../../jobs/queue.ts";
import { inTurnOrder } from "../../jobs/turn_order.ts";
import type { StoreTables } from "./tables.ts";

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
