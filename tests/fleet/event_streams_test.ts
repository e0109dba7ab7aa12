/** Live events on real Redis streams. */

import assert from "node:assert/strict";
import { EventStreams } from "../../fleet/event_streams.ts";
import type { GenerationEvent } from "../../jobs/events.ts";
import { processes } from "./processes.ts";

const progress = (sequence: number): GenerationEvent => ({
  type: "PROGRESS",
  sequence,
  at: 1,
  step: sequence,
  steps: 100,
  etaMs: null,
});
const preview = (sequence: number, edge: number): GenerationEvent => ({
  type: "PREVIEW",
  sequence,
  at: 1,
  step: sequence,
  steps: 100,
  width: edge,
  height: edge,
  pixels: Uint8Array.from({ length: 3 * edge * edge }, (_, i) => i % 256),
});

async function streams() {
  const all = await processes();
  const redis = await all.open();
  return { ...all, redis, streams: new EventStreams(redis) };
}

Deno.test("events are read as they were added, pixels included, after a sequence and up to a limit", async () => {
  await using redis = await streams();
  const events = [progress(1), preview(2, 4), progress(3)];
  redis.streams.add("a", events.slice(0, 2));
  redis.streams.add("a", events.slice(2));
  redis.streams.add("a", [progress(2)]); // too late; refused
  assert.deepEqual(await redis.streams.read("a", 0), events);
  assert.deepEqual(await redis.streams.read("a", 1, 1), events.slice(1, 2));
  assert.deepEqual(await redis.streams.read("b", 0), []);
});

Deno.test("what else stands under the key of a stream is no event, and hides none of the others", async () => {
  await using all = await streams();
  const { redis, streams: own } = all;
  const put = (id: string, ...fields: readonly string[]) => redis.commands.xadd("test:events:a", id, ...fields);
  own.add("a", [progress(1)]);
  await put("2-0", "event", "garbage");
  await put("3-0", "event", "null");
  await put("4-0", "other", "fields");
  await put("5-0", "event", JSON.stringify(progress(4)));
  await put("6-0", "event", JSON.stringify({ ...progress(6), type: "LATER" }));
  await put("7-0", "event", JSON.stringify({ ...preview(7, 4), pixels: undefined }), "pixels", "few");
  own.add("a", [progress(8)]);
  assert.deepEqual(await own.read("a", 0), [progress(1), progress(8)]);
  assert.deepEqual(await own.read("a", 1, 1), []);
  await redis.commands.set("test:events:b", "no stream");
  assert.deepEqual(await own.read("b", 0), []);
});

Deno.test("a stream is bounded by events and by bytes, and goes when nothing happens", async () => {
  await using redis = await streams();
  for (let i = 1; i < 1500; i++) redis.streams.add("a", [progress(i)]);
  assert.equal((await redis.streams.read("a", 0)).length, 1024);
  // Five seconds of a picture of 512 x 512 at 17 steps a second, all of which a subscriber finds who comes back.
  for (let i = 1; i < 170; i += 2) redis.streams.add("c", [progress(i), preview(i + 1, 64)]);
  assert.equal((await redis.streams.read("c", 0)).length, 170);
  for (let i = 1; i < 20; i++) redis.streams.add("b", [preview(i, 512)]);
  const kept = await redis.streams.read("b", 0);
  assert.ok(kept.length >= 2 && kept.length < 8, `${kept.length} previews of 786 KB`);
  const left = await redis.redis.commands.pttl("test:events:a");
  assert.ok(left > 0 && left <= 600_000);
});

Deno.test("while Redis is away nothing is there, and nothing fails", async () => {
  await using redis = await streams();
  redis.streams.add("a", [progress(1)]);
  await redis.server.stop();
  redis.streams.add("a", [progress(2)]);
  assert.deepEqual(await redis.streams.read("a", 0), []);
});
