/** What every backend of the event log does. */

import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { UnknownGenerationError } from "../../jobs/errors.ts";
import type { GenerationEvent, Preview } from "../../jobs/events.ts";
import { type Backend, type OpenBackend, rejection } from "./backend.ts";
import { PICTURE, preview, requestFor } from "./requests.ts";

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

  /** A generation whose log holds exactly two STATUS events, and what its worker does. */
  const start = async ({ work }: Backend) => {
    const claim = await work.claim("worker", 60_000);
    assert.ok(claim !== null);
    const { generation: { id }, token } = claim;
    return {
      id,
      /** Appends one event, or two where there is a preview. */
      step: (step: number, preview: Preview | null = null) => work.progress(id, token, { step, etaMs: null, preview }),
      /** Appends the last two. */
      complete: () => work.complete(id, token, { image: PICTURE, metrics: null }),
    };
  };
  const begin = async (backend: Backend) => {
    await create(backend);
    return await start(backend);
  };

  const collect = async (iterable: AsyncIterable<GenerationEvent>): Promise<number[]> => {
    const sequences: number[] = [];
    for await (const event of iterable) sequences.push(event.sequence);
    return sequences;
  };

  const never = (): AbortSignal => new AbortController().signal;

  test("sequences count from 1 without gaps, per generation, also for concurrent appends", async (backend) => {
    const { events, clock } = backend;
    const { id, step } = await begin(backend);
    const other = await create(backend);
    assert.equal(await events.latest(id), 2);
    clock.now += 5;
    await Promise.all(Array.from({ length: 20 }, (_, i) => step(i)));
    const all = await events.read(id, 2);
    assert.deepEqual(all.map((e) => [e.sequence, e.at]), Array.from({ length: 20 }, (_, i) => [i + 3, clock.now]));
    assert.equal(await events.latest(id), 22);
    assert.equal(await events.latest(other), 1);
    assert.equal(await events.latest("nobody"), 0);
  });

  test("events are read as they were appended, pixels included", async (backend) => {
    const { events, clock } = backend;
    const { id, step, complete } = await begin(backend);
    const shown = preview(3, 2);
    await step(4, shown);
    await complete();
    const at = clock.now;
    const appended: GenerationEvent[] = [
      { type: "STATUS", sequence: 2, at, status: "RUNNING", reason: null },
      { type: "PROGRESS", sequence: 3, at, step: 4, steps: 20, etaMs: null },
      { type: "PREVIEW", sequence: 4, at, step: 4, steps: 20, ...shown },
      { type: "STATUS", sequence: 5, at, status: "SUCCEEDED", reason: null },
      { type: "COMPLETED", sequence: 6, at, status: "SUCCEEDED", error: null },
    ];
    assert.deepEqual(await events.read(id, 1), appended);
    assert.deepEqual(await events.read(id, 2, 2), appended.slice(1, 3));
    assert.deepEqual(await events.read(id, 6), []);
    assert.deepEqual(await events.read("nobody", 0), []);
  });

  test("following replays, then streams, and ends after COMPLETED", async (backend) => {
    const { events } = backend;
    const { id, step, complete } = await begin(backend);
    const iterator = events.follow(id, 0, never())[Symbol.asyncIterator]();
    assert.equal((await iterator.next()).value.sequence, 1);
    assert.equal((await iterator.next()).value.sequence, 2);
    const live = iterator.next();
    await step(2);
    assert.equal((await live).value.sequence, 3);
    await complete();
    assert.equal((await iterator.next()).value.type, "STATUS");
    assert.equal((await iterator.next()).value.type, "COMPLETED");
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  });

  test("following resumes after a sequence, and ends at once when nothing is left", async (backend) => {
    const { events } = backend;
    const { id, step, complete } = await begin(backend);
    for (let i = 0; i < 3; i++) await step(i);
    await complete();
    assert.deepEqual(await collect(events.follow(id, 4, never())), [5, 6, 7]);
    assert.deepEqual(await collect(events.follow(id, 7, never())), []);
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
    const { id, complete } = await begin(backend);
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal), remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));

    const broken = events.follow(id, 2, signal)[Symbol.asyncIterator]();
    const pending = broken.next();
    await broken.return?.();
    await pending;
    for await (const event of events.follow(id, 0, signal)) if (event.sequence === 1) break;
    const whole = collect(events.follow(id, 0, signal));
    await complete();
    await whole;
    assert.equal(listeners, 0);
  });

  test("two followers are independent", async (backend) => {
    const { events } = backend;
    const { id, step, complete } = await begin(backend);
    const slow = events.follow(id, 0, never())[Symbol.asyncIterator]();
    await slow.next();
    const fast = collect(events.follow(id, 0, never()));
    for (let i = 0; i < 20; i++) await step(i);
    await complete();
    assert.equal((await fast).length, 24);
    assert.equal((await slow.next()).value.sequence, 2);
    assert.deepEqual(
      await collect({ [Symbol.asyncIterator]: () => slow }),
      Array.from({ length: 22 }, (_, i) => i + 3),
    );
  });

  test("a stalled follower costs nothing while thousands of events pass it, and misses none", async (backend) => {
    const { events, alone } = backend;
    // Where others write too, each step waits for the disk of a server: fewer and larger ones.
    const [count, edge] = alone ? [10_000, 64] : [600, 208];
    const { id, step } = await begin(backend);
    const stalled = events.follow(id, 0, never())[Symbol.asyncIterator]();
    await stalled.next();

    // 5,000 previews of 12 KiB, or 300 of 127 KiB, are 59 MiB and 37: kept anywhere in the process they would show.
    const before = usedMemory();
    for (let done = 0; done < count; done += count / 20) {
      await Promise.all(Array.from({ length: count / 40 }, () => step(1, preview(edge, edge))));
    }
    const grown = usedMemory() - before;
    assert.ok(grown < 20 * 2 ** 20, `grew by ${grown} bytes`);

    assert.equal((await stalled.next()).value.sequence, 2);
    assert.equal((await stalled.next()).value.sequence, 3);
    await stalled.return?.();
    assert.equal(await events.latest(id), count + 2);
  }, { sync: false });

  test("previews go when another generation completes after the retention, all else stays", async (backend) => {
    const { events, clock } = backend;
    const [old, young, running] = [await begin(backend), await begin(backend), await begin(backend)] as const;
    for (const { step } of [old, young, running]) await step(1, preview(2, 2));
    const types = async ({ id }: { id: string }): Promise<string[]> => (await events.read(id, 0)).map((e) => e.type);

    await old.complete();
    clock.now += 60_001;
    assert.ok((await types(old)).includes("PREVIEW"));
    await young.complete();
    assert.deepEqual(await types(old), ["STATUS", "STATUS", "PROGRESS", "STATUS", "COMPLETED"]);
    assert.ok((await types(young)).includes("PREVIEW"));
    assert.ok((await types(running)).includes("PREVIEW"));
    assert.equal(await events.latest(old.id), 6);
    assert.deepEqual(await collect(events.follow(old.id, 0, never())), [1, 2, 3, 5, 6]);
  }, { previewRetentionMs: 60_000 });

  Deno.test(`${name} events: closing the store ends every follower`, async () => {
    let waiting: Promise<IteratorResult<GenerationEvent>>;
    {
      await using backend = await open();
      const id = await create(backend);
      const iterator = backend.events.follow(id, 0, never())[Symbol.asyncIterator]();
      assert.equal((await iterator.next()).value.sequence, 1);
      waiting = iterator.next();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal((await waiting).done, true);
  });
}
