/** What every backend of the event log does. */

import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { EventLogClosedError, UnknownGenerationError } from "../../jobs/errors.ts";
import type { EventBody, EventLog, GenerationEvent } from "../../jobs/events.ts";
import { type Backend, type OpenBackend, rejection } from "./backend.ts";
import { PICTURE, requestFor } from "./requests.ts";

const progress = (step: number): EventBody => ({ type: "PROGRESS", step, steps: 20, etaMs: null });
const COMPLETED: EventBody = { type: "COMPLETED", status: "SUCCEEDED", error: null };

const preview = (width: number, height: number, fill = 7): EventBody => ({
  type: "PREVIEW",
  step: 1,
  steps: 20,
  width,
  height,
  pixels: new Uint8Array(width * height * 3).fill(fill),
});

/** Bytes that are reachable, on the JavaScript heap and off it. */
function usedMemory(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** Registers the suite for one backend. */
export function eventLogConformance(name: string, open: OpenBackend): void {
  const test = (claim: string, body: (backend: Backend) => Promise<void>, options = {}) =>
    Deno.test(`${name} events: ${claim}`, async () => {
      await using backend = await open(options);
      await body(backend);
    });

  /** A generation whose log holds exactly its first STATUS event. */
  const create = async ({ queue }: Backend): Promise<string> =>
    (await queue.enqueue(requestFor("a garden"))).generation.id;

  const collect = async (iterable: AsyncIterable<GenerationEvent>): Promise<number[]> => {
    const sequences: number[] = [];
    for await (const event of iterable) sequences.push(event.sequence);
    return sequences;
  };

  const never = (): AbortSignal => new AbortController().signal;

  test("sequences count from 1 without gaps, per generation, also for concurrent appends", async (backend) => {
    const { events, clock } = backend;
    const [a, b] = [await create(backend), await create(backend)];
    assert.equal(await events.latest(a), 1);
    clock.now += 5;
    assert.deepEqual(await events.append(a, progress(1)), { ...progress(1), sequence: 2, at: clock.now });
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => events.append(a, progress(i))));
    assert.deepEqual(all.map((e) => e.sequence).sort((x, y) => x - y), Array.from({ length: 20 }, (_, i) => i + 3));
    assert.equal(await events.latest(a), 22);
    assert.equal(await events.latest(b), 1);
    assert.equal(await events.latest("nobody"), 0);
  });

  test("events are read as they were appended, pixels included", async (backend) => {
    const { events } = backend;
    const id = await create(backend);
    const appended = [
      await events.append(id, { type: "STATUS", status: "RUNNING", reason: "because" }),
      await events.append(id, progress(4)),
      await events.append(id, preview(3, 2)),
      await events.append(id, { type: "COMPLETED", status: "FAILED", error: { code: "X", message: "y" } }),
    ];
    assert.deepEqual(await events.read(id, 1), appended);
    assert.deepEqual(await events.read(id, 2, 2), appended.slice(1, 3));
    assert.deepEqual(await events.read(id, 5), []);
    assert.deepEqual(await events.read("nobody", 0), []);
  });

  test("nothing is appended to a log that is complete or does not exist, nor a preview of the wrong size", async (b) => {
    const id = await create(b);
    const wrong: EventBody = { ...preview(2, 2), pixels: new Uint8Array(11) } as EventBody;
    assert.ok(await rejection(b.events.append(id, wrong)) instanceof RangeError);
    await b.events.append(id, COMPLETED);
    assert.ok(await rejection(b.events.append(id, progress(1))) instanceof EventLogClosedError);
    assert.ok(await rejection(b.events.append("nobody", progress(1))) instanceof UnknownGenerationError);
    assert.equal(await b.events.latest(id), 2);
  });

  test("following replays, then streams, and ends after COMPLETED", async (backend) => {
    const { events } = backend;
    const id = await create(backend);
    await events.append(id, progress(1));
    const iterator = events.follow(id, 0, never())[Symbol.asyncIterator]();
    assert.equal((await iterator.next()).value.sequence, 1);
    assert.equal((await iterator.next()).value.sequence, 2);
    const live = iterator.next();
    await events.append(id, progress(2));
    assert.equal((await live).value.sequence, 3);
    await events.append(id, COMPLETED);
    assert.equal((await iterator.next()).value.type, "COMPLETED");
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  });

  test("following resumes after a sequence, and ends at once when nothing is left", async (backend) => {
    const { events } = backend;
    const id = await create(backend);
    for (let i = 0; i < 4; i++) await events.append(id, progress(i));
    await events.append(id, COMPLETED);
    assert.deepEqual(await collect(events.follow(id, 3, never())), [4, 5, 6]);
    assert.deepEqual(await collect(events.follow(id, 6, never())), []);
    assert.deepEqual(await collect(events.follow(id, 99, never())), []);
  });

  test("following a generation that does not exist is an error", async ({ events }) => {
    assert.ok(await rejection(collect(events.follow("nobody", 0, never()))) instanceof UnknownGenerationError);
  });

  test("an abort ends a waiting follower, a reading one and one that has not begun", async (backend) => {
    const { events } = backend;
    const id = await create(backend);
    const stop = new AbortController();
    const waiting = collect(events.follow(id, 1, stop.signal));
    const reading = events.follow(id, 0, stop.signal)[Symbol.asyncIterator]();
    await reading.next();
    stop.abort();
    assert.deepEqual(await waiting, []);
    assert.equal((await reading.next()).done, true);
    assert.deepEqual(await collect(events.follow(id, 0, stop.signal)), []);
  });

  test("`return` ends a pending wait", async (backend) => {
    const id = await create(backend);
    const iterator = backend.events.follow(id, 1, never())[Symbol.asyncIterator]();
    const pending = iterator.next();
    await iterator.return?.();
    assert.equal((await pending).done, true);
  });

  test("no listener stays on the signal, however the following ends", async (backend) => {
    const { events } = backend;
    const id = await create(backend);
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal), remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));

    const broken = events.follow(id, 1, signal)[Symbol.asyncIterator]();
    const pending = broken.next();
    await broken.return?.();
    await pending;
    for await (const event of events.follow(id, 0, signal)) if (event.sequence === 1) break;
    const whole = collect(events.follow(id, 0, signal));
    await events.append(id, COMPLETED);
    await whole;
    assert.equal(listeners, 0);
  });

  test("two followers are independent", async (backend) => {
    const { events } = backend;
    const id = await create(backend);
    const slow = events.follow(id, 0, never())[Symbol.asyncIterator]();
    await slow.next();
    const fast = collect(events.follow(id, 0, never()));
    for (let i = 0; i < 20; i++) await events.append(id, progress(i));
    await events.append(id, COMPLETED);
    assert.equal((await fast).length, 22);
    assert.equal((await slow.next()).value.sequence, 2);
    assert.deepEqual(
      await collect({ [Symbol.asyncIterator]: () => slow }),
      Array.from({ length: 20 }, (_, i) => i + 3),
    );
  });

  test("a stalled follower costs nothing while 10,000 events pass it, and misses none", async (backend) => {
    const { events } = backend;
    const id = await create(backend);
    const stalled = events.follow(id, 0, never())[Symbol.asyncIterator]();
    await stalled.next();

    // 10,000 previews of 12 KiB are 117 MiB: kept anywhere in the process they would show.
    const before = usedMemory();
    for (let done = 0; done < 10_000; done += 500) {
      await Promise.all(Array.from({ length: 500 }, () => events.append(id, preview(64, 64))));
    }
    const grown = usedMemory() - before;
    assert.ok(grown < 20 * 2 ** 20, `grew by ${grown} bytes`);

    assert.equal((await stalled.next()).value.sequence, 2);
    assert.equal((await stalled.next()).value.sequence, 3);
    await stalled.return?.();
    assert.equal(await events.latest(id), 10_001);
  }, { sync: false });

  test("previews go when another generation completes after the retention, all else stays", async (backend) => {
    const { queue, events, clock } = backend;
    const old = await create(backend), young = await create(backend), running = await create(backend);
    for (const id of [old, young, running]) await events.append(id, preview(2, 2));
    const start = async (id: string): Promise<() => Promise<void>> => {
      const claim = await queue.claim("worker", 1000);
      assert.equal(claim?.generation.id, id);
      return () => queue.complete(id, claim?.token ?? 0, { image: PICTURE, metrics: null });
    };
    const types = async (id: string): Promise<string[]> => (await events.read(id, 0)).map((e) => e.type);

    await (await start(old))();
    clock.now += 60_001;
    const finish = await start(young);
    assert.ok((await types(old)).includes("PREVIEW"));
    await finish();
    assert.deepEqual(await types(old), ["STATUS", "STATUS", "STATUS", "COMPLETED"]);
    assert.ok((await types(young)).includes("PREVIEW"));
    assert.ok((await types(running)).includes("PREVIEW"));
    assert.equal(await events.latest(old), 5);
    assert.deepEqual(await collect(events.follow(old, 0, never())), [1, 3, 4, 5]);
  }, { previewRetentionMs: 60_000 });

  Deno.test(`${name} events: closing the store ends every follower`, async () => {
    let waiting: Promise<number[]>;
    {
      await using backend = await open();
      const id = await create(backend);
      const log: EventLog = backend.events;
      waiting = collect(log.follow(id, 0, never()));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(await waiting, [1]);
  });
}
