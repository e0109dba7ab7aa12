/** What it costs to have a prediction made elsewhere: its sample there, and the prediction back, over a Redis of one's own. */

import { openRedis } from "../../fleet/redis.ts";
import { RedisExchange } from "../../fleet/redis_exchange.ts";
import { startRedis } from "./engines/redis.ts";

/** Calls that are measured, after as many that are not. */
const CALLS = 100;

/** Latent cells along an edge of so many pixels, and channels. */
const FACTOR = 8, CHANNELS = 4;

/**
 * The median time of a call and its answer between two ends in one process, in milliseconds.
 * @param edge Of the picture, in pixels.
 */
export async function exchangeMs(edge: number): Promise<number> {
  await using server = await startRedis();
  const [here, there] = [await openRedis(server.url, "figures"), await openRedis(server.url, "figures")];
  const [painter, aide] = [new RedisExchange(here), new RedisExchange(there)];
  const cells = edge / FACTOR;
  const data = new Float32Array(CHANNELS * cells ** 2).map(() => Math.random());
  const dims = [1, CHANNELS, cells, cells];
  let answered = () => {};
  await painter.hear("s", () => answered());
  await aide.hear("s", (from, message) => {
    if (message.type !== "PREDICT") return;
    const { id: call, parts } = message.call;
    void aide.say(from, "s", { type: "PREDICTED", call, parts, predictions: [message.call.sample.data] });
  });
  const times: number[] = [];
  for (let id = 0; id < 2 * CALLS; id++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    answered = resolve;
    const since = performance.now();
    const call = { id, pass: 0, call: id, sample: { dims, data }, parts: [1] } as const;
    await painter.say(aide.self, "s", { type: "PREDICT", call });
    await promise;
    times.push(performance.now() - since);
  }
  painter.close();
  aide.close();
  await Promise.all([here.close(), there.close()]);
  const sorted = times.slice(CALLS).sort((a, b) => a - b);
  return sorted[CALLS >> 1] ?? NaN;
}
