/**
 * What one subscriber gets. It takes results one after the other, as any subscriber does, and in between listens to what
 * is sent to all who ask the same: while it listens, its stream just has no next result yet.
 */

import type { ExecutionResult } from "graphql";
import type { SubscriberEvent, SubscriberEvents } from "../schema/generation/subscriber_event.ts";
import { Broadcast, type Listener } from "./broadcast.ts";
import type { Outlet } from "./outlet.ts";

/** The broadcasts that go on, by what is asked. */
export class Broadcasts {
  readonly #going = new Map<string, Broadcast>();

  /**
   * What is sent to all who ask this question.
   * @param sequence Of the last event that who wants to listen got.
   * @param from The events after a sequence, should a broadcast have to begin.
   * @returns null where it has missed some of it, and has to catch up first.
   */
  at(question: string, sequence: number, from: SubscriberEvents["from"]): Broadcast | null {
    const going = this.#going.get(question);
    if (going !== undefined) return going.admits(sequence) ? going : null;
    const broadcast: Broadcast = new Broadcast(from(sequence), sequence, () => {
      if (this.#going.get(question) === broadcast) this.#going.delete(question);
    });
    this.#going.set(question, broadcast);
    return broadcast;
  }
}

/** The results of one subscription. */
export class SharedStream implements AsyncIterableIterator<ExecutionResult> {
  #own: AsyncIterator<SubscriberEvent, undefined>;
  /** Of the last event that was taken; null before the first, which is this subscriber's alone. */
  #sequence: number | null = null;
  #state: "GOING" | "COMPLETED" | "LEFT" = "GOING";
  #leave = () => {};

  constructor(
    private readonly events: SubscriberEvents,
    private readonly question: string,
    private readonly answer: Listener["answer"],
    private readonly outlet: Outlet,
    private readonly broadcasts: Broadcasts,
  ) {
    this.#own = events;
  }

  async next(): Promise<IteratorResult<ExecutionResult>> {
    await this.#listen();
    const { done, value } = this.#state === "GOING" ? await this.#own.next() : { done: true };
    if (done || value === undefined) return { done: true, value: undefined };
    this.#sequence = value.sequence;
    return { done: false, value: await this.answer(value) };
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.#state = "LEFT";
    this.#leave();
    await this.#own.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Listens as long as that is possible. */
  async #listen(): Promise<void> {
    const { sink } = this.outlet;
    if (sink === undefined || this.#sequence === null) return;
    await sink.whenTaken();
    if (this.#state !== "GOING" || !sink.free) return;
    const broadcast = this.broadcasts.at(this.question, this.#sequence, this.events.from);
    if (broadcast === null) return;
    void this.#own.return?.();
    const { heard, leave } = broadcast.join({ sink, answer: this.answer }, this.#sequence);
    this.#leave = leave;
    const { sequence, completed } = await heard;
    this.#sequence = sequence;
    await sink.whenTaken(); // neither the next event nor the end comes before
    if (this.#state !== "GOING") return;
    if (completed) this.#state = "COMPLETED";
    else this.#own = this.events.from(sequence);
  }
}
