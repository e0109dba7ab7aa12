/** The way of a PostgreSQL database from nothing to the tables of today. */

import type { Migration } from "kysely/migration";
import { addCheckpoints } from "./add_checkpoints.ts";
import { addModels } from "./add_models.ts";
import { addQueued } from "./add_queued.ts";
import { makeTables } from "./make_tables.ts";

/**
 * Changes from one version of the schema to the next, in the order of their names. Each is applied once; only ever
 * append, together with the same change for SQLite.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "001_make_tables": { up: makeTables },
  "002_add_checkpoints": { up: addCheckpoints },
  "003_add_models": { up: addModels },
  "004_add_queued": { up: addQueued },
};
