/**
 * One reading of a generation's events for all subscribers who ask the same about it: each event is looked for, answered
 * and joined with the next one once, and what is left to do for each subscriber is to write to its connection.
 */

import { setImmediate } from "node:timers";
import type { ExecutionResult } from "graphql";
import type { SubscriberEvent } from "../schema/generation/subscriber_event.ts";
import { Batch, type FramedResult, isFramed } from "./framed_result.ts";
import type { Sink } from "./outlet.ts";

/** Events that go out together at most, and their bytes. */
const MAX_JOINED = 4;
const MAX_JOINED_BYTES = 64 * 1024;
/** Milliseconds within which an event that is there already is found. */
const AT_HAND_MS = 1;
/** Milliseconds for which an event waits for the next one to be answered, as a step's progress for its preview. */
const HELD_MS = 50;
/** Subscribers who are served in a row; others who use the thread come in between. */
const SERVED_TOGETHER = 64;

/** A subscriber who listens to a broadcast. */
export interface Listener {
  readonly sink: Sink;
  /** Answers the question that all listeners ask, on behalf of this one. */
  readonly answer: (event: SubscriberEvent) => Promise<ExecutionResult>;
}

/** Where a subscriber stands who listens no longer. */
export interface Heard {
  /** The sequence of the last event that it got. */
  readonly sequence: number;
  /** Whether that was the last one that there will be. */
  readonly completed: boolean;
}

interface Place extends Listener {
  sequence: number;
  readonly leave: (heard: Heard) => void;
}

/** An event on its way: found, then answered. */
interface Coming {
  readonly event: Promise<SubscriberEvent | null>;
  /** Null where each subscriber has to look for itself, since there is no answer that all could get. */
  readonly answer: Promise<FramedResult | null>;
}

/** Reads events until nobody listens, the last one is sent, or one has no answer that is everybody's. */
export class Broadcast {
  readonly #places = new Set<Place>();
  #coming: Coming | undefined;
  #completed = false;

  /**
   * @param events Those after `sequence`.
   * @param sequence What was sent so far.
   * @param ended Called when there is no use in listening any more.
   */
  constructor(
    private readonly events: AsyncIterator<SubscriberEvent, undefined>,
    private sequence: number,
    private readonly ended: () => void,
  ) {}

  /** Whether somebody who got the events up to a sequence misses nothing. */
  admits(sequence: number): boolean {
    return sequence >= this.sequence;
  }

  /**
   * Listens, until the subscriber leaves, its connection is too slow, or the broadcast is over.
   * @param sequence Of the last event that it got; see `admits`.
   * @returns What it heard, and how to leave.
   */
  join(listener: Listener, sequence: number): { readonly heard: Promise<Heard>; readonly leave: () => void } {
    const { promise, resolve } = Promise.withResolvers<Heard>();
    const place: Place = { ...listener, sequence, leave: resolve };
    this.#places.add(place);
    if (this.#places.size === 1 && this.#coming === undefined) void this.#run();
    return { heard: promise, leave: () => this.#remove(place) };
  }

  async #run(): Promise<void> {
    try {
      for (let batch = await this.#next(); batch !== null; batch = await this.#next()) {
        this.sequence = batch.last; // who comes from now on has missed it
        await this.#send(batch);
      }
    } catch {
      // Each subscriber meets it, and tells of it, as its own.
    } finally {
      this.#end();
    }
  }

  /** The next event with those that are at hand behind it; null where each subscriber goes on by itself. */
  async #next(): Promise<Batch | null> {
    const results: FramedResult[] = [];
    let bytes = 0;
    do {
      const { event, answer } = this.#come();
      const result = await answer;
      if (result === null) break;
      bytes += result.frame().length;
      if (results.length > 0 && bytes > MAX_JOINED_BYTES) break; // what came before goes out first
      results.push(result);
      this.#coming = undefined;
      this.#completed = (await event)?.type === "COMPLETED";
    } while (!this.#completed && results.length < MAX_JOINED && await this.#isNear(this.#come()));
    return results.length === 0 ? null : new Batch(results);
  }

  /** Looks for the next event, and answers it for whoever has listened longest. */
  #come(): Coming {
    if (this.#coming !== undefined) return this.#coming;
    const event = this.#completed ? Promise.resolve(null) : this.events.next().then(({ value }) => value ?? null);
    const answer = event.then(async (found) => {
      const [first] = this.#places;
      if (found === null || first === undefined) return null;
      const result = await first.answer(found);
      return isFramed(result) ? result : null;
    });
    answer.catch(() => {}); // whoever awaits it meets it
    return this.#coming = { event, answer };
  }

  async #isNear({ event, answer }: Coming): Promise<boolean> {
    return await within(AT_HAND_MS, event) && await within(HELD_MS, answer);
  }

  async #send(batch: Batch): Promise<void> {
    const places = [...this.#places];
    for (let at = 0; at < places.length; at += SERVED_TOGETHER) {
      if (at > 0) await new Promise<void>((resolve) => setImmediate(resolve));
      for (const place of places.slice(at, at + SERVED_TOGETHER)) this.#serve(place, batch);
    }
  }

  #serve(place: Place, batch: Batch): void {
    if (!this.#places.has(place)) return;
    if (!place.sink.free) return this.#remove(place);
    const missing = batch.after(place.sequence);
    if (missing === null) return;
    place.sequence = missing.last;
    place.sink.send(missing);
  }

  #remove(place: Place): void {
    if (!this.#places.delete(place)) return;
    place.leave({ sequence: place.sequence, completed: false });
    if (this.#places.size === 0) this.#end();
  }

  #end(): void {
    this.ended();
    const places = [...this.#places];
    this.#places.clear();
    for (const { sequence, leave } of places) {
      leave({ sequence, completed: this.#completed && sequence >= this.sequence });
    }
    this.events.return?.().catch(() => {});
  }
}

/** Whether a promise is settled in time. */
async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => timer = setTimeout(resolve, ms, false));
  const settled = promise.then(() => true, () => true);
  return await Promise.race([settled, late]).finally(() => clearTimeout(timer));
}
