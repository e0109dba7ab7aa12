/** What the database says of generations, looked at without Parterre. */

import pg from "pg";
import type { LogRow } from "./verdict.ts";

/**
 * The events of generations, by the ids that clients know them by.
 * @param database The URL of the database.
 */
export async function readLogs(
  database: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly LogRow[]>> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    const { rows } = await client.query<{ generation_id: string; sequence: string; type: string }>(
      "SELECT generation_id, sequence, type FROM events WHERE generation_id = ANY($1) ORDER BY sequence",
      [ids.map(recordOf)],
    );
    const logs = Map.groupBy(rows, ({ generation_id }) => generation_id);
    return new Map(ids.map((id) => [
      id,
      (logs.get(recordOf(id)) ?? []).map(({ sequence, type }) => ({ sequence: Number(sequence), type })),
    ]));
  } finally {
    await client.end();
  }
}

/** The record's id, of a client's: `Generation:` and that. */
function recordOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}
