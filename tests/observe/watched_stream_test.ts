/** Streams that are watched end as they would, and their end is told once. */

import { strict as assert } from "node:assert";
import { Repeater } from "graphql-yoga";
import { watchedStream } from "../../observe/watched_stream.ts";

function watched<T>(source: AsyncIterable<T>) {
  const items: T[] = [];
  const ends: string[] = [];
  const stream = watchedStream(source, {
    run: (callback) => callback(),
    item: (item) => void items.push(item),
    threw: (error) => void ends.push(String(error)),
    ended: (how) => void ends.push(how),
  });
  return { stream, items, ends };
}

Deno.test("a stream that ends by itself", async () => {
  const { stream, items, ends } = watched(Repeater.merge([1]));
  assert.deepEqual(await Array.fromAsync(stream), [1]);
  await stream.return?.();
  assert.deepEqual([items, ends], [[1], ["ok"]]);
});

Deno.test("a reader that leaves while an item is awaited ends the stream at once", async () => {
  let stopped = false;
  const endless = new Repeater<number>(async (_push, stop) => {
    await stop;
    stopped = true;
  });
  const { stream, ends } = watched(endless);
  const pending = stream.next();
  await stream.return?.();
  assert.deepEqual(await pending, { done: true, value: undefined });
  assert.ok(stopped);
  assert.deepEqual(ends, ["left"]);
});

Deno.test("a stream that breaks", async () => {
  async function* broken() {
    yield 1;
    await Promise.reject(new Error("broken"));
  }
  const { stream, ends } = watched(broken());
  await assert.rejects(Array.fromAsync(stream), /broken/);
  assert.deepEqual(ends, ["Error: broken", "fault"]);
});
