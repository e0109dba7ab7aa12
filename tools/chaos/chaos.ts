/** The whole of it: jobs are painted undisturbed once, then many of them while things go wrong, and then looked at. */

import { fileURLToPath } from "node:url";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { startCluster } from "../cluster/cluster.ts";
import { disturb, type Disturbances, type Plan } from "./disturber.ts";
import { follow } from "./follow.ts";
import { accept, ended, type JobInput } from "./jobs.ts";
import { readLogs } from "./log.ts";
import { roll, type Rolled, type RollingOptions } from "./rolling.ts";
import { faultsOf, type JobRecord } from "./verdict.ts";

/** How much of everything. */
export interface ChaosOptions {
  readonly servers: number;
  readonly workers: number;
  readonly jobs: number;
  readonly steps: number;
  /** Pictures that differ from each other. */
  readonly distinct: number;
  readonly plan: Plan;
  readonly rolling: RollingOptions;
  /** Seconds after which what is not over counts as stuck. */
  readonly patience: number;
}

/** What happened, and what is wrong. */
export interface ChaosReport {
  readonly jobs: readonly JobRecord[];
  readonly disturbances: Disturbances;
  readonly rolled: Rolled;
  /** From the first acceptance to the last end. */
  readonly seconds: number;
  /** One line for everything that is wrong. */
  readonly faults: readonly string[];
}

const MODELS = fileURLToPath(new URL("../../tests/fixtures/models", import.meta.url));

/** One client is everybody here. */
const LIMITS = {
  PARTERRE_MAX_ACTIVE: "0",
  PARTERRE_MAX_SUBSCRIPTIONS_PER_CALLER: "2000",
  PARTERRE_MAX_CONNECTIONS: "4096",
};

/**
 * Runs it all on a cluster of its own.
 * @throws {Error} if something is stuck, or refused for good.
 */
export async function chaos(options: ChaosOptions, tell: (line: string) => void): Promise<ChaosReport> {
  await using cluster = await startCluster({
    ...options,
    environment: { PARTERRE_MODELS: MODELS, PARTERRE_PRELOAD: "tiny-sd15", ...LIMITS },
  });
  const client = new GraphqlClient(cluster.url);
  const signal = AbortSignal.timeout(options.patience * 1000);

  tell("paints undisturbed");
  const inputs = Array.from({ length: options.distinct }, (_, i): JobInput => ({ seed: i + 1, steps: options.steps }));
  const undisturbed = new Map<JobInput, string>();
  for (const input of inputs) {
    const id = await accept(client, input, undefined, signal);
    await follow(client, id, signal);
    const { sha256, status } = await ended(client, id, signal);
    if (sha256 === null) throw new Error(`Undisturbed, ${id} ended ${status}`);
    undisturbed.set(input, sha256);
  }

  tell("paints while things go wrong");
  const since = performance.now();
  const paint = async (i: number) => {
    const input = inputs[i % inputs.length] ?? { seed: 0, steps: options.steps };
    // Over the whole of that time, so that every job meets something.
    await new Promise((resolve) => setTimeout(resolve, options.plan.seconds * 1000 * i / options.jobs));
    const key = `chaos-${i}`;
    const id = await accept(client, input, key, signal);
    return { id, input, key, live: await follow(client, id, signal) };
  };
  const goWrong = async () => {
    const disturbances = await disturb(cluster, options.plan, tell);
    // Some jobs still wait for the leases of those who were killed.
    tell("restarts the servers one after another");
    return { disturbances, rolled: await roll(cluster, client, options.rolling, signal) };
  };
  const painting = Promise.all(Array.from({ length: options.jobs }, (_, i) => paint(i)));
  const [jobs, { disturbances, rolled }, seconds] = await Promise.all([
    painting,
    goWrong(),
    painting.then(() => (performance.now() - since) / 1000),
  ]);

  tell("looks at what is there");
  const database = cluster.environment.PARTERRE_DATABASE ?? "";
  const logs = await readLogs(database, jobs.map(({ id }) => id));
  const records: JobRecord[] = [];
  for (const { id, input, key, live } of jobs) {
    const again = await accept(client, input, key, signal);
    const replayed = await follow(client, id, signal);
    records.push({ id, input, again, live, replayed, log: logs.get(id) ?? [], ended: await ended(client, id, signal) });
  }

  const faults = [...faultsOf(records, undisturbed), ...rolled.faults];
  return { jobs: records, disturbances, rolled, seconds, faults };
}
