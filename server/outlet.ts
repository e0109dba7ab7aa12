/**
 * The short way from an event to a connection: what many subscribers share is handed to each one's connection at once,
 * past everything that looks at one result after the other and would find nothing to do.
 */

import type { Batch } from "./framed_result.ts";

/** A connection, as far as it takes the events of one subscription. */
export interface Sink {
  /** Whether it has taken all that it was given. Stays false once it is closed. */
  readonly free: boolean;
  /** Sends results at once. Only while it is free, and while everything is sent that the subscription's stream gave. */
  send(batch: Batch): void;
  /** Resolves when it has taken all that it was given, or is closed: who takes nothing for too long is cut off. */
  whenTaken(): Promise<void>;
}

/** Where the events of one operation may go; undefined until its transport says so, and where it has no short way. */
export interface Outlet {
  sink?: Sink;
}
