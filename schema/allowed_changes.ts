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

export const ALLOWED_CHANGES: readonly AllowedChange[] = [];
