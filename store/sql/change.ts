/** A change of generations under way: one transaction, and who is to be told of it once it is durable. */

import type { Transaction } from "kysely";
import type { GenerationEvent } from "../../jobs/events.ts";
import type { SqlEngine } from "./engine.ts";
import type { GenerationRow, StoreTables } from "./tables.ts";

/** What one change works with. Times are milliseconds since the epoch. */
export interface Change {
  readonly db: Transaction<StoreTables>;
  readonly engine: SqlEngine;
  /** Read inside the transaction, so that times follow the order of changes. */
  readonly now: number;
  /** Previews of generations that completed before this may go. */
  readonly previewsUntil: number;
  /** Generations whose status was changed, in order, as rows after the change. */
  readonly changed: GenerationRow[];
  /** Ids of generations whose log was changed: their followers look again. */
  readonly told: Set<string>;
  /** Events by generation, as they were appended. */
  readonly appended: Map<string, GenerationEvent[]>;
  /** Ids of generations that were deleted, or of which the previews were: a copy of their events is to go too. */
  readonly dropped: Set<string>;
  /** Whether the pixels of previews are kept in the log, rather than in a copy alone. */
  readonly keepsPixels: boolean;
}
