/** The records of generations: reading them, and removing those that are finished. */

import type { Generation, GenerationStatus } from "./generation.ts";
import type { Idempotency } from "./idempotency.ts";

/** A page of generations. */
export interface ListOptions {
  /** At most so many, at least 1. */
  readonly first: number;
  /** The id of the last generation of the page before. */
  readonly after?: string;
  readonly status?: GenerationStatus;
  /** Only those of this owner; `after` must be one of them, too. */
  readonly owner?: string;
}

/** Generations, the latest enqueued first. */
export interface GenerationPage {
  readonly items: readonly Generation[];
  readonly hasNextPage: boolean;
}

/** What `delete` came to. */
export type DeleteOutcome = "DELETED" | "NOT_FINISHED" | "NOT_FOUND";

/** What was ever enqueued, but for what was deleted. */
export interface GenerationStore {
  /** Null if there is none. */
  get(id: string): Promise<Generation | null>;

  /**
   * The generation that an owner's idempotency key stands for; null if it stands for none.
   * @throws {IdempotencyConflictError} if it stands for another input.
   */
  findByKey(idempotency: Idempotency, owner: string | null): Promise<Generation | null>;

  /** @throws {InvalidInputError} if `first` is not a positive integer or `after` is not the id of such a generation. */
  list(options: ListOptions): Promise<GenerationPage>;

  /**
   * The ids of finished generations, those that ended first leading.
   * @param options.until Only those that ended before this, in milliseconds since the epoch.
   */
  finished(options: { readonly until: number; readonly first: number }): Promise<readonly string[]>;

  /** Removes a generation that is finished, with its events; its idempotency key stands for nothing then. */
  delete(id: string): Promise<DeleteOutcome>;
}
