/** Rings are heard in other processes, and who may have missed one looks again. */

import assert from "node:assert/strict";
import { openRedis } from "../../fleet/redis.ts";
import { RedisBell } from "../../fleet/redis_bell.ts";
import { inTime } from "../../workers/in_time.ts";
import { startFaultProxy } from "../../tools/cluster/engines/fault_proxy.ts";
import { startRedis } from "../../tools/cluster/engines/redis.ts";
import { processes } from "./processes.ts";

/** Two processes, as far as Redis can tell. */
async function twoBells() {
  const all = await processes();
  const open = async () => {
    const redis = await all.open();
    return { redis, bell: all.stack.adopt(new RedisBell(redis), (bell) => bell.close()) };
  };
  const [here, there] = [await open(), await open()];
  return { ...all, here, there };
}

/** Counts rings; resolves when there was another one. */
function counter(bell: RedisBell, topic: string) {
  let count = 0;
  let told = Promise.withResolvers<void>();
  const hearing = bell.hear(topic, () => {
    count++;
    told.resolve();
    told = Promise.withResolvers();
  });
  return { count: () => count, next: () => told.promise, [Symbol.dispose]: () => hearing[Symbol.dispose]() };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("a ring is heard in every process that listens to its topic, once, and nowhere else", async () => {
  await using bells = await twoBells();
  const { here, there } = bells;
  using own = counter(here.bell, "a");
  using other = counter(there.bell, "a");
  using unrelated = counter(there.bell, "b");
  await Promise.all([own.next(), other.next(), unrelated.next()]); // each looks again once its subscription stands
  await pause(50);
  const before = [own, other, unrelated].map(({ count }) => count());
  const heard = other.next();
  here.bell.ring("a");
  assert.equal(own.count(), (before[0] ?? 0) + 1, "at once where it is rung");
  await heard;
  await pause(50);
  assert.deepEqual([own, other, unrelated].map(({ count }, i) => count() - (before[i] ?? 0)), [1, 1, 0]);
});

Deno.test("a topic that nobody listens to any more is not subscribed to", async () => {
  await using bells = await twoBells();
  const { here, there } = bells;
  const channels = () => here.redis.commands.pubsub("CHANNELS") as Promise<string[]>;
  {
    using one = counter(there.bell, "a");
    using _two = counter(there.bell, "a");
    await one.next();
    assert.deepEqual(await channels(), ["test:bell:a"]);
  }
  await pause(50);
  assert.deepEqual(await channels(), []);
});

Deno.test("after Redis was away, who listens looks again, and what was rung meanwhile is heard", async () => {
  await using bells = await twoBells();
  const { server, here, there } = bells;
  using other = counter(there.bell, "a");
  await other.next();
  await server.stop();
  here.bell.ring("a");
  await pause(20);
  const before = other.count();
  const again = other.next();
  await server.start();
  await again;
  assert.ok(other.count() > before);
  await here.redis.check().catch(() => pause(1000)); // its own connection is back, too
  const next = other.next();
  here.bell.ring("a");
  await next;
});

Deno.test("closing the bell ends every wait", async () => {
  await using bells = await twoBells();
  const { bell } = bells.here;
  using listening = bell.listen("a", []);
  bell.close();
  await listening.heard;
  assert.ok(bell.closed);
});

Deno.test("connections that went without a word are noticed, and made anew: one that asks, and one that only listens", async () => {
  await using server = await startRedis();
  await using proxy = await startFaultProxy(server.port);
  const open = (port: number, silenceMs: number) => openRedis(`redis://127.0.0.1:${port}`, "test", 5000, silenceMs);
  await using redis = await open(proxy.port, 200).then((redis) => ({ ...redis, [Symbol.asyncDispose]: redis.close }));
  await using others = await open(server.port, 200).then((redis) => ({ ...redis, [Symbol.asyncDispose]: redis.close }));
  const [here, there] = [new RedisBell(redis, 100), new RedisBell(others)];
  using _ends = { [Symbol.dispose]: () => [here, there].forEach((bell) => bell.close()) };
  using own = counter(here, "a");
  await own.next();
  await redis.commands.ping();
  const again = own.next();
  proxy.forget();
  const since = performance.now();
  assert.equal(await inTime(redis.commands.ping(), 2000), "PONG");
  assert.ok(performance.now() - since >= 190, "asked again on a new connection, after silence");
  await again; // it listens again, and looks at what it may have missed
  const heard = own.next();
  there.ring("a");
  await heard;
});
