/** When pictures that wait are expected: one look at the queue for all who ask. */

import { type ExpectedEnds, expectedEnds } from "./expected_ends.ts";
import type { JobQueue } from "./queue.ts";
import type { Roster } from "./workers.ts";

/** How long a forecast stands, in milliseconds: whoever asks within it shares one look at the queue. */
const STANDS_MS = 1000;

/** What a forecast is made from. */
export interface ForecastServices {
  readonly queue: Pick<JobQueue, "outlook">;
  readonly workers: Roster;
}

/** A look at the queue, and what came of it. */
interface Look {
  readonly at: number;
  readonly ends: Promise<ExpectedEnds>;
}

/** One forecast for all who ask. Reading what waits takes milliseconds for ten thousand; it is done once a second at most. */
export class Forecast {
  #latest: Look | undefined;

  constructor(private readonly services: ForecastServices) {}

  /** Milliseconds until a picture that waits is expected; null where nobody knows. */
  async endMs(id: string): Promise<number | null> {
    const asked = performance.now();
    const known = this.#since(asked - STANDS_MS);
    const ends = await known.ends;
    if (ends.has(id)) return left(known, ends.get(id));
    // It may have come since.
    const fresh = this.#since(asked);
    return left(fresh, (await fresh.ends).get(id));
  }

  /** The latest look, if it began no earlier than this; or else a new one. */
  #since(from: number): Look {
    if (this.#latest !== undefined && this.#latest.at >= from) return this.#latest;
    const look = { at: performance.now(), ends: this.#look() };
    look.ends.catch(() => this.#latest === look && (this.#latest = undefined));
    return this.#latest = look;
  }

  async #look(): Promise<ExpectedEnds> {
    const { queue, workers } = this.services;
    const [outlook, all] = await Promise.all([
      queue.outlook(),
      workers.list().catch(() => []), // Redis may be away
    ]);
    return expectedEnds(outlook, all, Date.now());
  }
}

function left({ at }: Look, end: number | null | undefined): number | null {
  return end === null || end === undefined ? null : Math.max(0, end - (performance.now() - at));
}
