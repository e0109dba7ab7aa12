/** Events as rows, inside somebody's transaction. */

import { type Kysely, sql } from "kysely";
import { UnknownGenerationError } from "../../jobs/errors.ts";
import type { EventBody, GenerationEvent } from "../../jobs/events.ts";
import type { Change } from "./change.ts";
import type { EventTable, StoreTables } from "./tables.ts";

/**
 * Appends an event to a generation's log. Completion also deletes the previews of generations that completed some time
 * ago.
 */
export async function appendEvent(change: Change, id: string, event: EventBody): Promise<void> {
  const { db, now: at, told, appended, keepsPixels } = change;
  const { pixels, ...columns } = toColumns(event);
  const next = sql<number>`(SELECT coalesce(max(sequence), 0) + 1 FROM events WHERE generation_id = ${id})`;
  const { sequence } = await db.insertInto("events")
    .values({ generation_id: id, sequence: next, at, ...columns, pixels: keepsPixels ? pixels : null })
    .returning("sequence").executeTakeFirstOrThrow();
  appended.set(id, [...appended.get(id) ?? [], { ...event, sequence, at }]);
  if (event.type === "COMPLETED") await deletePreviews(change);
  told.add(id);
}

/**
 * The sequence of a generation's COMPLETED event; null if it has none yet.
 * @throws {UnknownGenerationError} if there is no such generation.
 */
export async function completedAtSequence(db: Kysely<StoreTables>, id: string): Promise<number | null> {
  const row = await db.selectFrom("generations")
    .leftJoin(
      "events",
      (join) => join.onRef("events.generation_id", "=", "generations.id").on("events.type", "=", "COMPLETED"),
    )
    .select("events.sequence")
    .where("generations.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new UnknownGenerationError(id);
  return row.sequence;
}

/** The sequence of the latest event, 0 if there is none. */
export async function latestSequence(db: Kysely<StoreTables>, id: string): Promise<number> {
  const row = await db.selectFrom("events").select("sequence").where("generation_id", "=", id)
    .orderBy("sequence", "desc").limit(1).executeTakeFirst();
  return row?.sequence ?? 0;
}

/** The events after a sequence, oldest first; previews whose pixels are not here are left out. */
export async function readEvents(
  db: Kysely<StoreTables>,
  id: string,
  after: number,
  limit?: number,
): Promise<GenerationEvent[]> {
  const query = db.selectFrom("events").selectAll()
    .where("generation_id", "=", id).where("sequence", ">", after)
    .where((e) => e.or([e("type", "!=", "PREVIEW"), e("pixels", "is not", null)]))
    .orderBy("sequence");
  const rows = await (limit === undefined ? query : query.limit(limit)).execute();
  return rows.map(toEvent);
}

/** The event of a row. */
function toEvent(row: EventTable): GenerationEvent {
  const { pixels, sequence, at, type } = row;
  return { sequence, at, type, ...JSON.parse(row.body), ...(pixels === null ? {} : { pixels }) };
}

function toColumns(event: EventBody): Pick<EventTable, "type" | "body" | "pixels"> {
  if (event.type !== "PREVIEW") {
    const { type, ...body } = event;
    return { type, body: JSON.stringify(body), pixels: null };
  }
  const { type, pixels, ...body } = event;
  if (pixels.length !== body.width * body.height * 3) {
    throw new RangeError(`Cannot store a preview of ${body.width} x ${body.height} pixels in ${pixels.length} bytes`);
  }
  return { type, body: JSON.stringify(body), pixels };
}

async function deletePreviews({ db, previewsUntil, dropped }: Change): Promise<void> {
  // Driven by the previews there are, which are few, not by the completions there ever were.
  const rows = await db.deleteFrom("events")
    .where("type", "=", "PREVIEW")
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("events as completion").select("completion.sequence")
          .whereRef("completion.generation_id", "=", "events.generation_id")
          .where("completion.type", "=", "COMPLETED").where("completion.at", "<", previewsUntil),
      )
    )
    .returning("generation_id")
    .execute();
  for (const { generation_id } of rows) dropped.add(generation_id);
}
