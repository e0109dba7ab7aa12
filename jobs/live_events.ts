/** Events as they happen, beside the log that keeps them: where several processes work on one store. */

import type { GenerationEvent } from "./events.ts";

/**
 * A copy of the latest events of each generation, previews among them, whose pixels are nowhere else. It may lose any of
 * them at any time: followers then read the log, and miss nothing but previews.
 */
export interface LiveEvents {
  /** Copies events of a generation, in order, once they are durable. Returns at once, and never fails. */
  add(id: string, events: readonly GenerationEvent[]): void;

  /**
   * What there is of the events after a sequence, oldest first, perhaps with gaps; none where the copy cannot be read.
   * @param limit At most so many; without it all.
   */
  read(id: string, after: number, limit?: number): Promise<readonly GenerationEvent[]>;

  /** Drops what there is of a generation that is deleted. Returns at once, and never fails. */
  forget(id: string): void;
}
