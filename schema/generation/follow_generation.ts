/** The stream behind a subscription: a snapshot, then the log from there on. */

import type { GenerationEvent } from "../../jobs/events.ts";
import type { Generation } from "../../jobs/generation.ts";
import { takesPreview } from "../../jobs/preview_watchers.ts";
import type { Services } from "../services.ts";
import type { PreviewChoice, SubscriberEvent } from "./subscriber_event.ts";

/** Records of finished generations by their last events, which the followers of a generation share. */
const finished = new WeakMap<GenerationEvent, Promise<Generation | null>>();

/**
 * Events for one subscriber. Nothing is buffered: each event is taken from the log when the subscriber asks for it, so
 * a client that stops reading costs nothing.
 * @param after The snapshot stands at this sequence; the events after it follow.
 */
export function followGeneration(
  { events, generations, watchers, closing }: Pick<Services, "events" | "generations" | "watchers" | "closing">,
  generation: Generation,
  after: number,
  preview: PreviewChoice,
): AsyncIterableIterator<SubscriberEvent> {
  const common = { generationId: generation.id, preview };
  const log = watchers.whileReading(events.follow(generation.id, after, closing), generation, preview.every);
  let begun = false;

  const snapshot = async (): Promise<SubscriberEvent> => {
    const latest = preview.every === 0 ? null : await latestPreview(events, generation.id);
    return { ...common, logged: null, type: "SNAPSHOT", sequence: after, at: Date.now(), generation, latest };
  };

  const next = async (): Promise<SubscriberEvent | null> => {
    if (!begun) {
      begun = true;
      return await snapshot();
    }
    for (let { done, value } = await log.next(); !done; { done, value } = await log.next()) {
      if (!wanted(value, preview)) continue;
      return value.type === "COMPLETED"
        ? { ...common, ...value, logged: value, completed: () => completed(value, generation.id, generations) }
        : { ...common, ...value, logged: value };
    }
    return null;
  };

  // No generator, which would notice a subscriber's leaving only at the next event.
  const stream: AsyncIterableIterator<SubscriberEvent> = {
    next: async () => {
      const event = await next();
      return event === null ? { done: true, value: undefined } : { done: false, value: event };
    },
    return: async () => {
      begun = true;
      await log.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

/** The record of a finished generation, read once for all subscribers; it does not change any more. */
function completed(
  last: GenerationEvent,
  id: string,
  generations: Services["generations"],
): Promise<Generation | null> {
  const record = finished.get(last) ?? generations.get(id);
  finished.set(last, record);
  record.catch(() => finished.delete(last));
  return record;
}

function wanted(event: GenerationEvent, { every }: PreviewChoice): boolean {
  return event.type !== "PREVIEW" || takesPreview(every, event.step, event.steps);
}

async function latestPreview(
  events: Services["events"],
  id: string,
): Promise<Extract<GenerationEvent, { type: "PREVIEW" }> | null> {
  // A step makes two events, progress and preview, so the latest preview is among the last few.
  const recent = await events.read(id, Math.max(0, await events.latest(id) - 6));
  return recent.findLast((event) => event.type === "PREVIEW") ?? null;
}
