/**
 * Breaking changes of the schema since the last release that are meant, each with the reason that its users will read.
 * A release empties this list and copies `schema.graphql` to `released.graphql`.
 */

/** A breaking change that is meant. */
export interface AllowedChange {
  /** What `deno task schema:check` calls it, for instance `FIELD_REMOVED Generation.seed`. */
  readonly change: string;
  /** Why it is worth breaking programs, and what they do instead. */
  readonly reason: string;
}

/** Why a number of the dry run became one that may be null. */
const NOT_KNOWN =
  "A region that is found by words has no area before it is painted; 0 would be a lie. Where a layout has no such region it is never null.";

export const ALLOWED_CHANGES: readonly AllowedChange[] = [
  { change: "FIELD_TYPE_CHANGED RegionReport.covered", reason: NOT_KNOWN },
  { change: "FIELD_TYPE_CHANGED RegionReport.share", reason: NOT_KNOWN },
];
