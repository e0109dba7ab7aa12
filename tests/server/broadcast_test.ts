/** Subscribers who ask the same: everybody gets every event once and in order, whoever comes, leaves or reads slowly. */

import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { ExecutionResult } from "graphql";
import type { GenerationEvent } from "../../jobs/events.ts";
import type { SubscriberEvent, SubscriberEvents } from "../../schema/generation/subscriber_event.ts";
import { type Batch, framed } from "../../server/framed_result.ts";
import type { Sink } from "../../server/outlet.ts";
import { Broadcasts, SharedStream } from "../../server/shared_stream.ts";

const PREVIEW = { every: 1, maxEdge: 64, format: "PNG" } as const;

/** A log in memory, which counts how many read it. */
class Log {
  readonly events: GenerationEvent[] = [];
  reading = 0;
  #waiting: (() => void)[] = [];

  append(type: "PROGRESS" | "COMPLETED"): void {
    const sequence = this.events.length + 1;
    const body = type === "PROGRESS"
      ? { type, step: sequence, steps: 100, etaMs: null }
      : { type, status: "SUCCEEDED" as const, error: null };
    this.events.push({ ...body, sequence, at: 0 });
    for (const wake of this.#waiting.splice(0)) wake();
  }

  subscribe(after: number): SubscriberEvents {
    const rest = this.#from(after);
    let begun = false;
    const stream: SubscriberEvents = {
      next: () => {
        if (begun) return rest.next();
        begun = true;
        // deno-lint-ignore no-explicit-any
        const snapshot: any = { type: "SNAPSHOT", sequence: after, logged: null };
        return Promise.resolve({ done: false, value: snapshot });
      },
      return: () => rest.return?.() ?? Promise.resolve({ done: true, value: undefined }),
      from: (sequence) => this.#from(sequence),
      [Symbol.asyncIterator]: () => stream,
    };
    return stream;
  }

  #from(after: number): AsyncIterableIterator<SubscriberEvent, undefined> {
    let cursor = after, ended = false;
    const next = async (): Promise<IteratorResult<SubscriberEvent, undefined>> => {
      this.reading++;
      try {
        while (!ended) {
          const event = this.events[cursor];
          if (event !== undefined) {
            cursor++;
            const common = { generationId: "1", preview: PREVIEW, logged: event };
            const value = event.type === "COMPLETED"
              ? { ...common, ...event, completed: () => Promise.resolve(null) }
              : { ...common, ...event };
            return { done: false, value };
          }
          if (this.events[cursor - 1]?.type === "COMPLETED") ended = true;
          else await new Promise<void>((resolve) => this.#waiting.push(resolve));
        }
        return { done: true, value: undefined };
      } finally {
        this.reading--;
      }
    };
    const stream: AsyncIterableIterator<SubscriberEvent, undefined> = {
      next,
      return: () => {
        ended = true;
        for (const wake of this.#waiting.splice(0)) wake();
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]: () => stream,
    };
    return stream;
  }
}

/** A connection that takes some things at once, and needs time for others. */
class Connection implements Sink {
  readonly got: number[] = [];
  readonly sizes: number[] = [];
  #taking: Promise<void> | undefined;

  constructor(private readonly slowness: () => number) {}

  get free(): boolean {
    return this.#taking === undefined;
  }

  send({ results }: Batch): void {
    assert.ok(this.free);
    this.sizes.push(results.length);
    this.got.push(...results.map(({ sequence }) => sequence));
    const ms = this.slowness();
    if (ms > 0) this.#taking = pause(ms).then(() => this.#taking = undefined);
  }

  async whenTaken(): Promise<void> {
    await this.#taking;
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Counts what it answers; the answer to an event is the same object for all, as the server's are. */
class Answers {
  asked = 0;
  readonly #made = new Map<number, ExecutionResult>();

  /** @param alone Events of which each subscriber has to make its own answer. */
  constructor(private readonly alone: (sequence: number) => boolean = () => false) {}

  readonly answer = async ({ sequence, logged }: SubscriberEvent): Promise<ExecutionResult> => {
    this.asked++;
    await Promise.resolve();
    const result = { data: { sequence } };
    if (logged === null || this.alone(sequence)) return result;
    const made = this.#made.get(sequence) ?? framed(result, sequence);
    this.#made.set(sequence, made);
    return made;
  };
}

/** Reads to the end as a transport does; what comes the short way and what comes as a result, in the order of arrival. */
async function read(stream: SharedStream, sink: Connection): Promise<readonly number[]> {
  for await (const result of stream) {
    const { sequence } = result.data as { sequence: number };
    await sink.whenTaken();
    sink.got.push(sequence);
  }
  return sink.got;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

Deno.test("whenever subscribers come and however slowly they read, each gets every event once and in order", async () => {
  const subscriber = fc.record({ at: fc.nat(20), back: fc.nat(5), slow: fc.array(fc.nat(3), { minLength: 1 }) });
  const property = fc.asyncProperty(
    fc.array(subscriber, { minLength: 1, maxLength: 12 }),
    fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }),
    fc.array(fc.nat(30), { maxLength: 4 }),
    async (subscribers, pauses, alone) => {
      const log = new Log(), broadcasts = new Broadcasts();
      const { answer } = new Answers((sequence) => alone.includes(sequence));
      const reading: Promise<void>[] = [];
      for (let step = 0; step <= 20; step++) {
        for (const { at, back, slow } of subscribers) {
          if (at !== step) continue;
          let sends = 0;
          const sink = new Connection(() => slow[sends++ % slow.length] ?? 0);
          const after = Math.max(0, log.events.length - back);
          const stream = new SharedStream(log.subscribe(after), "question", answer, { sink }, broadcasts);
          reading.push(read(stream, sink).then((got) => assert.deepEqual(got, range(after, 21))));
        }
        if (step === 20) break;
        log.append("PROGRESS");
        const ms = pauses[step % pauses.length] ?? 0;
        if (ms > 0) await pause(ms - 1);
      }
      log.append("COMPLETED");
      await Promise.all(reading);
      assert.equal(log.reading, 0);
    },
  );
  await fc.assert(property, { numRuns: 40 });
});

Deno.test("two hundred listeners cost one reading and one answer, and events at hand go out together", async () => {
  const log = new Log(), broadcasts = new Broadcasts(), answers = new Answers();
  const sinks = Array.from({ length: 200 }, () => new Connection(() => 0));
  const reading = sinks.map((sink) =>
    read(new SharedStream(log.subscribe(0), "question", answers.answer, { sink }, broadcasts), sink)
  );
  const everybodyHas = async (count: number) => {
    while (sinks.some(({ got }) => got.length < count)) await pause(1);
  };
  await everybodyHas(1);
  await pause(5); // to listen
  assert.equal(log.reading, 1);
  answers.asked = 0; // everybody's snapshot
  for (let step = 0; step < 5; step++) {
    log.append("PROGRESS");
    log.append("PROGRESS");
    await everybodyHas(3 + 2 * step);
  }
  log.append("COMPLETED");
  for (const got of await Promise.all(reading)) assert.deepEqual(got, range(0, 11));
  assert.equal(answers.asked, 11);
  for (const { sizes } of sinks) assert.deepEqual(sizes, [2, 2, 2, 2, 2, 1]);
});

Deno.test("who leaves while it listens is let go at once, and with the last one the reading ends", async () => {
  const log = new Log(), broadcasts = new Broadcasts(), { answer } = new Answers();
  const streams = [1, 2].map(() => {
    const sink = new Connection(() => 0);
    return new SharedStream(log.subscribe(0), "question", answer, { sink }, broadcasts);
  });
  const [first = assert.fail(), second = assert.fail()] = streams;
  for (const stream of streams) await stream.next();
  const [ofFirst, ofSecond] = [first.next(), second.next()];
  await pause(5);
  await first.return();
  assert.deepEqual(await ofFirst, { done: true, value: undefined });
  assert.equal(log.reading, 1);
  await second.return();
  assert.deepEqual(await ofSecond, { done: true, value: undefined });
  await pause(0);
  assert.equal(log.reading, 0);
});

Deno.test("a stream does not end before the last event is taken", async () => {
  const log = new Log(), broadcasts = new Broadcasts(), { answer } = new Answers();
  const sink = new Connection(() => 50);
  const stream = new SharedStream(log.subscribe(0), "question", answer, { sink }, broadcasts);
  await stream.next();
  const end = stream.next();
  await pause(5);
  log.append("COMPLETED");
  assert.deepEqual(await end, { done: true, value: undefined });
  assert.deepEqual([sink.got, sink.free], [[1], true]);
});
