/** Reading events where the latest of them are also in a copy, which is nearer and alone has the pixels of previews. */

import type { GenerationEvent } from "../../jobs/events.ts";

/** Reads the events after a sequence, oldest first, and at most so many. */
type Read<T> = (after: number, limit?: number) => T;

/** Where events are. */
export interface EventPlaces {
  /** All but previews. */
  readonly logged: Read<Promise<readonly GenerationEvent[]>>;
  /** Perhaps with gaps, or none. */
  readonly copied: Read<Promise<readonly GenerationEvent[]> | undefined>;
}

/**
 * The events after a sequence. The log is asked only where the copy does not go on from there; with a limit there may be
 * fewer than that although more follow, but none only where there are none.
 */
export async function readWithCopy(
  { logged, copied }: EventPlaces,
  after: number,
  limit?: number,
): Promise<GenerationEvent[]> {
  if (limit !== undefined) {
    const near = await copied(after, limit) ?? [];
    if (near[0]?.sequence === after + 1) return unbroken(near);
  }
  const log = await logged(after, limit);
  // Looked at once more: what was logged since the first look has its previews only here.
  const copy = await copied(after, limit) ?? [];
  const merged = new Map([...log, ...copy].map((event) => [event.sequence, event])); // those with pixels win
  const events = [...merged.values()].sort((a, b) => a.sequence - b.sequence);
  if (limit === undefined) return events;
  // Beyond the last event of a full page of the log, the copy's neighbours may be missing.
  const until = log.length < limit ? Infinity : log.at(-1)?.sequence ?? 0;
  return events.filter(({ sequence }) => sequence <= until).slice(0, limit);
}

/** The events up to the first gap. */
function unbroken(events: readonly GenerationEvent[]): GenerationEvent[] {
  const gap = events.findIndex(({ sequence }, i) => i > 0 && sequence !== (events[i - 1]?.sequence ?? 0) + 1);
  return gap < 0 ? [...events] : events.slice(0, gap);
}
