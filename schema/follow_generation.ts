/** The stream behind a subscription: a snapshot, then the log from there on. */

import { Repeater } from "graphql-yoga";
import type { ImageFormat } from "../image/format.ts";
import type { GenerationEvent } from "../jobs/events.ts";
import type { Generation } from "../jobs/generation.ts";
import type { SubscriberEvent } from "./generation_events.ts";
import type { Services } from "./services.ts";

/** The previews that a subscriber chose. */
export interface PreviewChoice {
  /** Every so many steps, and always the last; 0 for none. */
  readonly every: number;
  /** Longest edge in pixels. */
  readonly maxEdge: number;
  readonly format: ImageFormat;
}

/** Records of finished generations by their last events, which the followers of a generation share. */
const finished = new WeakMap<GenerationEvent, Promise<Generation | null>>();

/**
 * Events for one subscriber. Nothing is buffered: each event is taken from the log when the subscriber asks for it, so
 * a client that stops reading costs nothing.
 * @param after The snapshot stands at this sequence; the events after it follow.
 */
export function followGeneration(
  { events, queue, closing }: Pick<Services, "events" | "queue" | "closing">,
  generation: Generation,
  after: number,
  preview: PreviewChoice,
): AsyncIterableIterator<SubscriberEvent> {
  const generationId = generation.id;
  const common = { generationId, preview };
  return new Repeater(async (push, stop) => {
    // A subscriber who leaves ends the wait for the next event at once; a generator would only notice at that event.
    const left = new AbortController();
    stop.then(() => left.abort());
    const latest = preview.every === 0 ? null : await latestPreview(events, generationId);
    await push({ ...common, logged: null, type: "SNAPSHOT", sequence: after, at: Date.now(), generation, latest });
    for await (const event of events.follow(generationId, after, AbortSignal.any([left.signal, closing]))) {
      if (!wanted(event, preview)) continue;
      // Waiting for the push to be taken is what keeps the log from being read ahead.
      await push(
        event.type === "COMPLETED"
          ? { ...common, ...event, logged: event, completed: () => completed(event, generationId, queue) }
          : { ...common, ...event, logged: event },
      );
    }
    stop();
  });
}

/** The record of a finished generation, read once for all subscribers; it does not change any more. */
function completed(last: GenerationEvent, id: string, queue: Services["queue"]): Promise<Generation | null> {
  const record = finished.get(last) ?? queue.get(id);
  finished.set(last, record);
  record.catch(() => finished.delete(last));
  return record;
}

function wanted(event: GenerationEvent, { every }: PreviewChoice): boolean {
  if (event.type !== "PREVIEW") return true;
  return every > 0 && (event.step % every === 0 || event.step === event.steps);
}

async function latestPreview(
  events: Services["events"],
  id: string,
): Promise<Extract<GenerationEvent, { type: "PREVIEW" }> | null> {
  // A step makes two events, progress and preview, so the latest preview is among the last few.
  const recent = await events.read(id, Math.max(0, await events.latest(id) - 6));
  return recent.findLast((event) => event.type === "PREVIEW") ?? null;
}
