/** The way of the database from nothing to the tables of today. */

import type { Kysely } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";
import { addEmphasis } from "./add_emphasis.ts";
import { addFingerprints } from "./add_fingerprints.ts";
import { addModels } from "./add_models.ts";
import { addMoreImages } from "./add_more_images.ts";
import { addOwners } from "./add_owners.ts";
import { addQueued } from "./add_queued.ts";
import { addRegionMasks } from "./add_region_masks.ts";
import { completeRequests } from "./complete_requests.ts";
import { makeGenerations } from "./make_generations.ts";
import { makeLayouts } from "./make_layouts.ts";

/** Changes from one version of the schema to the next. Each is applied once, in order; only ever append. */
export const MIGRATIONS: readonly ((db: Kysely<StoreTables>) => Promise<void>)[] = [
  makeGenerations,
  makeLayouts,
  completeRequests,
  addOwners,
  addFingerprints,
  addEmphasis,
  addMoreImages,
  addRegionMasks,
  addModels,
  addQueued,
];
