/** Processes on one Redis, as far as it can tell. */

import { type FleetRedis, openRedis } from "../../fleet/redis.ts";
import { type RedisService, startRedis } from "../../tools/cluster/engines/redis.ts";

/** A Redis, and what is opened on it: it all ends with `await using`, the latest first. */
export interface Processes extends AsyncDisposable {
  readonly server: RedisService;
  readonly stack: AsyncDisposableStack;
  /** The connections of another process. */
  open(): Promise<FleetRedis>;
}

/** Starts a Redis. */
export async function processes(): Promise<Processes> {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startRedis());
  const open = async () => stack.adopt(await openRedis(server.url, "test"), (redis) => redis.close());
  return { server, stack, open, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
