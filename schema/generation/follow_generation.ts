/** The stream behind a subscription: a snapshot, then the log from there on. */

import type { GenerationEvent } from "../../jobs/events.ts";
import type { Generation } from "../../jobs/generation.ts";
import { takesPreview } from "../../jobs/preview_watchers.ts";
import type { Services } from "../services.ts";
import type { PreviewChoice, SubscriberEvent, SubscriberEvents } from "./subscriber_event.ts";

type FollowServices = Pick<Services, "events" | "generations" | "watchers" | "closing">;

/** Records of finished generations by their last events, which the followers of a generation share. */
const finished = new WeakMap<GenerationEvent, Promise<Generation | null>>();

/**
 * Events for one subscriber. Nothing is buffered: each event is taken from the log when the subscriber asks for it, so
 * a client that stops reading costs nothing.
 * @param after The snapshot stands at this sequence; the events after it follow.
 */
export function followGeneration(
  services: FollowServices,
  generation: Generation,
  after: number,
  preview: PreviewChoice,
): SubscriberEvents {
  const { events } = services;
  const from = (sequence: number) => loggedEvents(services, generation, sequence, preview);
  const rest = from(after);
  let begun = false;

  const snapshot = async (): Promise<SubscriberEvent> => {
    const latest = preview.every === 0 ? null : await latestPreview(events, generation.id);
    const common = { generationId: generation.id, preview, logged: null };
    return { ...common, type: "SNAPSHOT", sequence: after, at: Date.now(), generation, latest };
  };

  const stream: SubscriberEvents = {
    next: async () => {
      if (begun) return await rest.next();
      begun = true;
      return { done: false, value: await snapshot() };
    },
    return: async () => {
      begun = true;
      await rest.return?.();
      return { done: true, value: undefined };
    },
    from,
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

/** What follows in the log, as far as it is wanted. */
function loggedEvents(
  { events, generations, watchers, closing }: FollowServices,
  generation: Generation,
  after: number,
  preview: PreviewChoice,
): AsyncIterableIterator<SubscriberEvent, undefined> {
  const { id: generationId } = generation;
  const common = { generationId, preview };
  const log = watchers.whileReading(events.follow(generationId, after, closing), generation, preview.every);

  const next = async (): Promise<SubscriberEvent | null> => {
    for (let { done, value } = await log.next(); !done; { done, value } = await log.next()) {
      if (!wanted(value, preview)) continue;
      return value.type === "COMPLETED"
        ? { ...common, ...value, logged: value, completed: () => completed(value, generationId, generations) }
        : { ...common, ...value, logged: value };
    }
    return null;
  };

  // No generator, which would notice a subscriber's leaving only at the next event.
  const stream: AsyncIterableIterator<SubscriberEvent, undefined> = {
    next: async () => {
      const event = await next();
      return event === null ? { done: true, value: undefined } : { done: false, value: event };
    },
    return: async () => {
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

type Preview = Extract<GenerationEvent, { type: "PREVIEW" }>;

/** Looks under way, by log and generation: all who come at the same moment share one. */
const looks = new WeakMap<Services["events"], Map<string, Promise<Preview | null>>>();

function latestPreview(events: Services["events"], id: string): Promise<Preview | null> {
  const under = looks.get(events) ?? new Map<string, Promise<Preview | null>>();
  looks.set(events, under);
  const look = under.get(id) ?? lookForPreview(events, id).finally(() => under.delete(id));
  under.set(id, look);
  return look;
}

async function lookForPreview(events: Services["events"], id: string): Promise<Preview | null> {
  // A step makes two events, progress and preview, so the latest preview is among the last few.
  const recent = await events.read(id, Math.max(0, await events.latest(id) - 6));
  return recent.findLast((event) => event.type === "PREVIEW") ?? null;
}
