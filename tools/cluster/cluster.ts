/** A whole fleet on one machine: the engines, servers, workers, and a proxy in front, as deploy/compose.cluster.yaml has it. */

import { fileURLToPath } from "node:url";
import { type CaddyService, startCaddy } from "./engines/caddy.ts";
import { type PostgresService, startPostgres } from "./engines/postgres.ts";
import { type PrometheusService, startPrometheus } from "./engines/prometheus.ts";
import { type RedisService, startRedis } from "./engines/redis.ts";
import { type S3Service, startS3 } from "./engines/s3.ts";
import { endWithProgram } from "./engines/service.ts";
import { Member } from "./member.ts";
import { startWays, type Ways } from "./ways.ts";

const MODELS = fileURLToPath(new URL("../../models", import.meta.url));

/** What is started. */
export interface ClusterOptions {
  readonly servers: number;
  readonly workers: number;
  /** Settings of all servers and workers, beside those that say where the engines are. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Names of servers and workers, such as `worker-1`, whose ways to the engines can be cut. */
  readonly cuttable?: readonly string[];
  /** The folder in which PostgreSQL keeps its data. Default: that of temporary files. */
  readonly postgresOn?: string;
  /** Whether Prometheus looks on. Default: it does not. */
  readonly watched?: boolean;
}

/** A running fleet; `await using` ends all of it. */
export interface Cluster extends AsyncDisposable {
  /** Where clients call: the proxy's address. */
  readonly url: string;
  /** Where the logs are. It goes with the cluster. */
  readonly folder: string;
  readonly servers: readonly Member[];
  readonly workers: readonly Member[];
  readonly postgres: PostgresService;
  readonly redis: RedisService;
  readonly s3: S3Service;
  readonly caddy: CaddyService;
  /** Null where it was not asked for. */
  readonly prometheus: PrometheusService | null;
  /** By the name of a process that is cuttable. */
  readonly ways: ReadonlyMap<string, Ways>;
  /** The settings that all of its processes have. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts everything, or nothing: what was started before a failure is ended again.
 * @throws {Error} that names a program that is not installed, or a process that ended.
 */
export async function startCluster(
  { servers, workers, environment = {}, watched = false, cuttable = [], postgresOn }: ClusterOptions,
): Promise<Cluster> {
  await using opening = new AsyncDisposableStack();
  const folder = Deno.makeTempDirSync({ prefix: "parterre-cluster-" });
  opening.use(endWithProgram(() => Deno.removeSync(folder, { recursive: true })));
  const postgres = opening.use(await startPostgres(postgresOn === undefined ? {} : { on: postgresOn }));
  const redis = opening.use(await startRedis());
  const s3 = opening.use(await startS3());
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3.createPlace();
  const settings = {
    PARTERRE_DATABASE: await postgres.createDatabase(),
    PARTERRE_REDIS: redis.url,
    PARTERRE_ASSETS: `s3://${bucket}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    PARTERRE_MODELS: MODELS,
    PARTERRE_THREADS: "1",
    PARTERRE_TRUSTED_PROXIES: "1",
    ...environment,
  };
  const ways = new Map<string, Ways>();
  for (const name of cuttable) ways.set(name, await startWays(settings, opening));
  const members = (role: Member["role"], count: number) =>
    Array.from({ length: count }, (_, i) => {
      const name = `${role}-${i + 1}`;
      return opening.use(new Member(name, role, folder, { ...settings, ...ways.get(name)?.settings }));
    });
  const all = { servers: members("server", servers), workers: members("worker", workers) };
  opening.use(endWithProgram(() => [...all.servers, ...all.workers].forEach((member) => member.kill())));
  await Promise.all([...all.servers, ...all.workers].map((member) => member.start()));
  const caddy = opening.use(await startCaddy(all.servers.map(addressOf)));
  const processes = [...all.servers, ...all.workers];
  const prometheus = watched ? opening.use(await startPrometheus(processes.map(addressOf))) : null;
  const held = opening.move();
  return {
    ...all,
    url: caddy.url,
    folder,
    postgres,
    redis,
    s3,
    caddy,
    prometheus,
    ways,
    environment: settings,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function addressOf({ port }: Member): string {
  return `127.0.0.1:${port}`;
}
