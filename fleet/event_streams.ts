/** Live events on Redis streams: one per generation, with the log's sequences as ids. */

import { Buffer } from "node:buffer";
import { getLogger } from "@logtape/logtape";
import type { EventBody, GenerationEvent } from "../jobs/events.ts";
import type { LiveEvents } from "../jobs/live_events.ts";
import { readJson } from "./read_json.ts";
import type { FleetRedis } from "./redis.ts";

const log = getLogger(["parterre", "fleet"]);

/**
 * Events of one generation that are kept: those of ten seconds of the quickest pictures, so that a subscriber whose server
 * restarts misses no preview. Of others there are fewer, by their bytes.
 */
const MAX_EVENTS = 1024;

/** Bytes of one generation's pixels that are kept, about. */
const MAX_BYTES = 2 * 2 ** 20;

/** Milliseconds until a stream goes in which nothing happens; when the generation is done, and before. */
const DONE_MS = 2 * 60_000;
const LIVING_MS = 10 * 60_000;

/** All types of events. */
const TYPES: readonly string[] = Object.keys(
  { STATUS: 1, PROGRESS: 1, PREVIEW: 1, REGION_MASKS: 1, COMPLETED: 1 } satisfies Record<EventBody["type"], 1>,
);

/** Copies of events in Redis. */
export class EventStreams implements LiveEvents {
  constructor(private readonly redis: FleetRedis) {}

  add(id: string, events: readonly GenerationEvent[]): void {
    const { commands } = this.redis;
    if (commands.status !== "ready" || events.length === 0) return;
    const key = this.#key(id);
    const pipeline = commands.pipeline();
    for (const event of events) pipeline.xadd(key, "MAXLEN", kept(event), `${event.sequence}-0`, ...fields(event));
    pipeline.pexpire(key, events.some(({ type }) => type === "COMPLETED") ? DONE_MS : LIVING_MS);
    // An id that another process has passed already is refused; followers find that event in the log.
    pipeline.exec().catch((error) => log.debug("Not copied: events of {id}: {error}", { id, error }));
  }

  async read(id: string, after: number, limit?: number): Promise<readonly GenerationEvent[]> {
    const { commands } = this.redis;
    if (commands.status !== "ready") return [];
    try {
      const range = [this.#key(id), `(${after}-0`, "+"] as const;
      const entries = limit === undefined
        ? await commands.xrangeBuffer(...range)
        : await commands.xrangeBuffer(...range, "COUNT", limit);
      return entries.flatMap(([entry, values]) => eventOf(`${entry}`, values) ?? []);
    } catch (error) {
      log.debug("Not read: the stream of {id}: {error}", { id, error });
      return [];
    }
  }

  forget(id: string): void {
    this.redis.commands.del(this.#key(id)).catch(() => {}); // it goes by itself, later
  }

  #key(id: string): string {
    return `${this.redis.prefix}:events:${id}`;
  }
}

/** How many of a stream's events stay once this one is in it: fewer where previews are large. */
function kept(event: GenerationEvent): number {
  if (event.type !== "PREVIEW") return MAX_EVENTS;
  const previews = Math.max(2, Math.floor(MAX_BYTES / event.pixels.length));
  return Math.min(MAX_EVENTS, 2 * previews); // each comes with an event of its progress
}

/** An event as the fields of a stream's entry: all but the pixels as JSON. */
function fields(event: GenerationEvent): (string | Buffer)[] {
  if (event.type !== "PREVIEW") return ["event", JSON.stringify(event)];
  const { pixels, ...rest } = event;
  return ["event", JSON.stringify(rest), "pixels", Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length)];
}

/** The event of an entry; undefined for what was not written here, which followers find in the log. */
function eventOf(entry: string, [, event, , pixels]: readonly Buffer[]): GenerationEvent | undefined {
  const read = readJson(event?.toString() ?? "") as GenerationEvent | null | undefined; // or anything
  if (`${read?.sequence}-0` !== entry || typeof read?.at !== "number" || !TYPES.includes(`${read?.type}`)) return;
  if (read.type !== "PREVIEW") return read;
  const { width, height } = read;
  return pixels?.length === width * height * 3 ? { ...read, pixels: new Uint8Array(pixels) } : undefined;
}
