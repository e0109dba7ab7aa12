/** When pictures that wait are expected, by what each of them takes and by who can paint it. */

import { meanMsPerPixel } from "./mean_speeds.ts";
import type { Outlook, Running, Waiting } from "./queue.ts";
import type { WorkerReport } from "./workers.ts";

/** When each of those that wait is expected, by id, in milliseconds from the look; null where nobody knows. */
export type ExpectedEnds = ReadonlyMap<string, number | null>;

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
export function expectedEnds(
  { waiting, running }: Outlook,
  workers: readonly WorkerReport[],
  now: number,
): ExpectedEnds {
  const ends = new Map<string, number | null>(waiting.map(({ id }) => [id, null]));
  const lines = linesOf(waiting);
  const free = coursesOf(workers, running, now).filter(({ freeMs }) => freeMs < Infinity)
    .sort((a, b) => a.freeMs - b.freeMs);
  for (let course = free.shift(); course !== undefined; course = free.shift()) {
    const line = firstFor(course, lines);
    const one = line?.of[line.next++];
    if (one === undefined) continue; // for it nothing is left
    const endMs = course.freeMs + (one.work ?? NaN) * (course.speeds.get(one.model) ?? NaN);
    if (Number.isNaN(endMs)) continue;
    ends.set(one.id, endMs);
    course.freeMs = endMs;
    free.splice(placeOf(endMs, free), 0, course);
  }
  return ends;
}

/** What waits, by model. */
function linesOf(waiting: readonly Waiting[]): ReadonlyMap<string, Line> {
  const placed = waiting.map((one, place) => ({ ...one, place }));
  return new Map([...Map.groupBy(placed, ({ model }) => model)].map(([model, of]) => [model, { of, next: 0 }]));
}

/** How fast each worker is, and when it is free: never (infinite) where nobody knows how long its picture takes. */
function coursesOf(workers: readonly WorkerReport[], running: readonly Running[], now: number): readonly Course[] {
  const means = meanMsPerPixel(workers);
  const begun = new Map(running.map((one) => [one.id, one]));
  return workers.map(({ models, painting }) => {
    const speeds = new Map(
      models.map(({ name, predictionMsPerMegapixel: ms }) =>
        [name, ms === null ? means.get(name) ?? NaN : ms / 1e6] as const
      ),
    );
    const one = painting === null ? undefined : begun.get(painting.generationId);
    const wholeMs = one === undefined ? NaN : (one.work ?? NaN) * (speeds.get(one.model) ?? NaN);
    const leftMs = painting === null || one === undefined ? 0 : one.etaMs ?? wholeMs - (now - painting.since);
    return { speeds, freeMs: Number.isNaN(leftMs) ? Infinity : Math.max(0, leftMs) };
  });
}

/** Of the models of a worker, the line whose first is the first in turn; undefined if none is left. */
function firstFor({ speeds }: Course, lines: ReadonlyMap<string, Line>): Line | undefined {
  let first: Line | undefined;
  let place = Infinity;
  for (const model of speeds.keys()) {
    const line = lines.get(model);
    const head = line?.of[line.next];
    if (head !== undefined && head.place < place) [first, place] = [line, head.place];
  }
  return first;
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
