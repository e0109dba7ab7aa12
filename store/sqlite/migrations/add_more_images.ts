/** The migration that lets a generation have several pictures. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

/** `image` stays the first; those after it are a list beside it, null for none. */
export async function addMoreImages(db: Kysely<StoreTables>): Promise<void> {
  await sql`ALTER TABLE generations ADD COLUMN more_images TEXT`.execute(db);
}
