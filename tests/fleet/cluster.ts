/** Servers and workers as processes of their own, over real engines. */

import { fileURLToPath } from "node:url";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { type ChildServer, spawnChild, until } from "../e2e/child_server.ts";
import { startPostgres } from "../../tools/cluster/engines/postgres.ts";
import { type RedisService, startRedis } from "../../tools/cluster/engines/redis.ts";
import { startS3 } from "../../tools/cluster/engines/s3.ts";

/** A process of the cluster. */
export interface Member extends ChildServer {
  readonly url: string;
  readonly client: GraphqlClient;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/** The engines, and whatever was started over them; `await using` ends the processes. */
export interface Cluster extends AsyncDisposable {
  readonly redis: RedisService;
  /** What all of its processes have in common. */
  readonly environment: Readonly<Record<string, string>>;
  start(role: "server" | "worker" | "all", more?: Readonly<Record<string, string>>): Promise<Member>;
}

/** Starts the engines; to be awaited where the file is loaded, since some of them end with it. */
export async function startEngines(): Promise<() => Promise<Cluster>> {
  const [postgres, s3] = await Promise.all([startPostgres(), startS3()]);
  return async () => {
    const stack = new AsyncDisposableStack();
    const redis = stack.use(await startRedis());
    const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3.createPlace();
    const environment = {
      PARTERRE_DATABASE: await postgres.createDatabase(),
      PARTERRE_REDIS: redis.url,
      PARTERRE_ASSETS: `s3://${bucket}`,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      PARTERRE_MODELS: fileURLToPath(new URL("../fixtures/models", import.meta.url)),
      PARTERRE_THREADS: "1",
      PARTERRE_PRELOAD: "none",
      PARTERRE_MAX_STEPS: "1000",
    };
    const start: Cluster["start"] = async (role, more = {}) => {
      const child = stack.use(spawnChild({ environment: { ...environment, PARTERRE_ROLE: role, ...more } }));
      const url = await until(() => child.output().stdout.match(/http:\/\/[^/\s]+(?=\/)/)?.[0], child);
      const kill = async () => {
        child.process.kill("SIGKILL");
        await child.ended;
      };
      return { ...child, url, client: new GraphqlClient(url), kill };
    };
    return { redis, environment, start, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  };
}
