/** Another machine's clock: one for all processes that ask it, whose own may be minutes apart. */

import { getLogger } from "@logtape/logtape";

const log = getLogger(["parterre"]);

/** Milliseconds between two looks. */
const EVERY_MS = 60_000;

/** A clock that is set by the other's from time to time, and goes by this machine's in between. */
export class RemoteClock implements Disposable {
  #aheadMs: number;
  readonly #timer: ReturnType<typeof setInterval>;

  /**
   * @param read The other's time, in milliseconds since the epoch.
   * @param aheadMs How far it is ahead now, see {@link lookAhead}.
   */
  constructor(read: () => Promise<number>, aheadMs: number) {
    this.#aheadMs = aheadMs;
    this.#timer = setInterval(async () => {
      try {
        this.#aheadMs = await lookAhead(read);
      } catch (error) {
        log.debug("Cannot read another's clock: {error}", { error }); // it goes on as it was set before
      }
    }, EVERY_MS);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/**
 * How far another's clock is ahead of this machine's, in whole milliseconds.
 * @throws what reading it fails with.
 */
export async function lookAhead(read: () => Promise<number>): Promise<number> {
  const asked = Date.now();
  const there = await read();
  return Math.round(there - (asked + Date.now()) / 2);
}
