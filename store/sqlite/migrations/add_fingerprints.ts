/** The migration that gives idempotency keys the fingerprint of their input. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

export async function addFingerprints(db: Kysely<StoreTables>): Promise<void> {
  await sql`ALTER TABLE generations ADD COLUMN fingerprint TEXT`.execute(db);
}
