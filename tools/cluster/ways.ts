/** The ways of one process to the engines, each through a proxy of its own. */

import { type FaultProxy, startFaultProxy } from "./engines/fault_proxy.ts";

/** A way for each engine, and the settings of a process that takes them. */
export interface Ways {
  readonly postgres: FaultProxy;
  readonly redis: FaultProxy;
  readonly s3: FaultProxy;
  readonly settings: Readonly<Record<string, string>>;
}

/** By engine: the setting that says where it is. */
const SETTINGS = { postgres: "PARTERRE_DATABASE", redis: "PARTERRE_REDIS", s3: "AWS_ENDPOINT_URL" } as const;

/** What there is a way to. */
export const ENGINES = ["postgres", "redis", "s3"] as const;

/** Starts proxies in front of the engines that the settings name; they end with the stack. */
export async function startWays(
  settings: Readonly<Record<string, string>>,
  opening: AsyncDisposableStack,
): Promise<Ways> {
  const way = async (engine: typeof ENGINES[number]) => {
    const url = new URL(settings[SETTINGS[engine]] ?? "");
    const proxy = opening.use(await startFaultProxy(Number(url.port)));
    url.port = `${proxy.port}`;
    return { proxy, setting: [SETTINGS[engine], url.href.replace(/\/$/, "")] as const };
  };
  const [postgres, redis, s3] = await Promise.all([way("postgres"), way("redis"), way("s3")]);
  return {
    postgres: postgres.proxy,
    redis: redis.proxy,
    s3: s3.proxy,
    settings: Object.fromEntries([postgres, redis, s3].map(({ setting }) => setting)),
  };
}
