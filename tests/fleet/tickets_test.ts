/** Tickets: who takes which, and when. */

import assert from "node:assert/strict";
import { Tickets } from "../../fleet/tickets.ts";
import { processes } from "./processes.ts";

/** Ticket offices of several processes on one Redis. */
async function offices() {
  const all = await processes();
  const open = async (patienceMs?: number) => {
    return all.stack.adopt(new Tickets(await all.open(), patienceMs), (tickets) => tickets.close());
  };
  return { ...all, open };
}

const never = new AbortController().signal;
const warm = (...models: string[]) => ({ warm: models, cold: [] });

Deno.test("a ticket is taken once, in whichever process, and a generation has one at most", async () => {
  await using redis = await offices();
  const [server, one, other] = [await redis.open(), await redis.open(), await redis.open()];
  await server.add([{ id: "a", model: "m" }, { id: "b", model: "m" }]);
  await server.add([{ id: "a", model: "m" }]);
  assert.equal(await server.count("m"), 2);
  const taken = await Promise.all([one.take(warm("m"), never), other.take(warm("m"), never)]);
  assert.deepEqual(taken, ["m", "m"]);
  assert.equal(await server.count("m"), 0);
  await server.add([{ id: "a", model: "m" }]); // queued once more after it was let go
  assert.equal(await one.take(warm("m"), never), "m");
});

Deno.test("who waits gets what is added; one ticket wakes one worker", async () => {
  await using redis = await offices();
  const server = await redis.open();
  const workers = await Promise.all(Array.from({ length: 4 }, () => redis.open()));
  const stop = new AbortController();
  const takes = workers.map((worker) => worker.take(warm("m", "n"), stop.signal));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await server.add([{ id: "a", model: "n" }]);
  assert.equal(await Promise.race(takes), "n");
  stop.abort();
  const all = await Promise.all(takes);
  assert.deepEqual(all.filter((model) => model !== null), ["n"]);
});

Deno.test("models in memory go first, others then; of names with any characters", async () => {
  await using redis = await offices();
  const [server, worker] = [await redis.open(), await redis.open()];
  await server.add([{ id: "a", model: "cold: ä/1" }, { id: "b", model: "warm" }, { id: "c", model: "nobody's" }]);
  const preference = { warm: ["warm"], cold: ["cold: ä/1"] };
  assert.equal(await worker.take(preference, never), "warm");
  assert.equal(await worker.take(preference, never), "cold: ä/1");
  assert.equal(await server.count("nobody's"), 1);
});

Deno.test("a model that is not in memory waits for those that are, but not for ever", async () => {
  await using redis = await offices();
  const { now } = Date;
  const onServer = async <T>(work: () => Promise<T>): Promise<T> => {
    Date.now = () => now() + 3_600_000; // its clock is fast
    try {
      return await work();
    } finally {
      Date.now = now;
    }
  };
  const server = await onServer(() => redis.open());
  await onServer(() => server.add([{ id: "a", model: "cold" }]));
  const worker = await redis.open(50);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await onServer(() => server.add([{ id: "b", model: "warm" }, { id: "c", model: "cool" }]));
  const preference = { warm: ["warm"], cold: ["cool", "cold"] };
  assert.equal(await worker.take(preference, never), "cold");
  assert.equal(await worker.take(preference, never), "warm");
  assert.equal(await worker.take(preference, never), "cool");
});

Deno.test("a wait ends with its signal, and fails when Redis goes", async () => {
  await using redis = await offices();
  const worker = await redis.open();
  const stop = new AbortController();
  const waiting = worker.take(warm("m"), stop.signal);
  setTimeout(() => stop.abort(), 100);
  assert.equal(await waiting, null);
  await redis.server.stop();
  await assert.rejects(worker.take(warm("m"), never));
  await redis.server.start();
  await new Promise((resolve) => setTimeout(resolve, 1200));
  await worker.add([{ id: "a", model: "m" }]);
  assert.equal(await worker.take(warm("m"), never), "m");
});
