/** When pictures that wait are expected, by what each of them takes and by who can paint it. */

import type { JobQueue, Outlook, Waiting } from "./queue.ts";
import { meanMsPerPixel } from "./mean_speeds.ts";
import type { Roster, WorkerReport } from "./workers.ts";

/** How long a forecast stands, in milliseconds: whoever asks within it shares one look at the queue. */
const STANDS_MS = 1000;

/** What a forecast is made from. */
export interface ForecastServices {
  readonly queue: Pick<JobQueue, "outlook">;
  readonly workers: Roster;
}

/** When each of those that wait is expected, by id, in milliseconds from the look; null where nobody knows. */
type Ends = ReadonlyMap<string, number | null>;

/** A look at the queue, and what came of it. */
interface Look {
  readonly at: number;
  readonly ends: Promise<Ends>;
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

  async #look(): Promise<Ends> {
    const { queue, workers } = this.services;
    const [outlook, all] = await Promise.all([
      queue.outlook(),
      workers.list().catch(() => []), // Redis may be away
    ]);
    return forecast(outlook, all, Date.now());
  }
}

function left({ at }: Look, end: number | null | undefined): number | null {
  return end === null || end === undefined ? null : Math.max(0, end - (performance.now() - at));
}

/** A worker on its way through what waits. */
interface Course {
  /** Milliseconds per pixel of a prediction, of each model that it can paint with; NaN where nobody knows. */
  readonly speeds: ReadonlyMap<string, number>;
  /** Milliseconds until it is free. */
  freeMs: number;
}

/** What waits of one model, in turn. */
interface Line {
  /** Each with its place among all that wait. */
  readonly of: readonly (Waiting & { readonly place: number })[];
  /** The first that no worker has taken. */
  next: number;
}

/**
 * Milliseconds until each picture that waits is there, by id: whichever worker is free first takes the first in turn that
 * it can paint, and paints it as fast as it has painted of late. A worker with a picture of which nobody knows how long it
 * takes is not counted on for what comes behind; pictures without a worker, or behind such a one, have null.
 * @param now Milliseconds since the epoch.
 */
export function forecast(
  { waiting, running }: Outlook,
  workers: readonly WorkerReport[],
  now: number,
): Ends {
  const speeds = meanMsPerPixel(workers);
  const begun = new Map(running.map((one) => [one.id, one]));
  const courses = workers.map(({ models, painting }): Course => {
    const own = new Map(
      models.map(({ name, predictionMsPerMegapixel: ms }) =>
        [name, ms === null ? speeds.get(name) ?? NaN : ms / 1e6] as const
      ),
    );
    const at = painting === null ? undefined : begun.get(painting.generationId);
    const whole = at === undefined ? NaN : (at.work ?? NaN) * (own.get(at.model) ?? NaN);
    const left = painting === null || at === undefined ? 0 : at.etaMs ?? whole - (now - painting.since);
    return { speeds: own, freeMs: Number.isNaN(left) ? Infinity : Math.max(0, left) };
  });
  const lines = new Map<string, Line>(
    [...Map.groupBy(waiting.map((one, place) => ({ ...one, place })), ({ model }) => model)]
      .map(([model, of]) => [model, { of, next: 0 }]),
  );
  /** Of the models of a worker, the line whose first is the first in turn. */
  const firstFor = ({ speeds }: Course) => {
    let first: Line | undefined;
    let place = Infinity;
    for (const model of speeds.keys()) {
      const line = lines.get(model);
      const head = line?.of[line.next];
      if (head !== undefined && head.place < place) [first, place] = [line, head.place];
    }
    return first;
  };
  const ends = new Map<string, number | null>(waiting.map(({ id }) => [id, null]));
  const going = courses.filter(({ freeMs }) => freeMs < Infinity).sort((a, b) => a.freeMs - b.freeMs);
  for (let course = going.shift(); course !== undefined; course = going.shift()) {
    const line = firstFor(course);
    const one = line?.of[line.next++];
    if (one === undefined) continue; // for it nothing is left
    const endMs = course.freeMs + (one.work ?? NaN) * (course.speeds.get(one.model) ?? NaN);
    if (Number.isNaN(endMs)) continue;
    ends.set(one.id, endMs);
    course.freeMs = endMs;
    going.splice(placeOf(endMs, going), 0, course);
  }
  return ends;
}

/** Where a worker comes among those that are free sooner or later, in their order: behind its equals. */
function placeOf(freeMs: number, courses: readonly Course[]): number {
  let [from, to] = [0, courses.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((courses[middle]?.freeMs ?? Infinity) <= freeMs) from = middle + 1;
    else to = middle;
  }
  return from;
}
