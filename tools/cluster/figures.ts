/** `deno task cluster:figures`: what more workers give, and what the queue costs, by the times in the events' log. */

import { fileURLToPath } from "node:url";
import pg from "pg";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { startCluster } from "./cluster.ts";
import { endOnSignals } from "./engines/service.ts";

/** Jobs of a kind. */
interface Load {
  readonly model: string;
  readonly edge: number;
  readonly steps: number;
  readonly jobs: number;
}

/** When one job went through what, in milliseconds since the epoch. */
interface Times {
  readonly accepted: number;
  readonly claimed: number;
  readonly firstStep: number;
  readonly ended: number;
}

/** Pictures as they are painted, for what workers give. */
const PICTURES: Load = { model: "beds-256-lcm", edge: 256, steps: 4, jobs: 12 };
/** Pictures that take next to no time, for what the queue costs. */
const TINY: Load = { model: "tiny-sd15", edge: 64, steps: 4, jobs: 100 };

const TINY_MODELS = fileURLToPath(new URL("../../tests/fixtures/models", import.meta.url));

const GENERATE = `mutation ($input: GenerateInput!) {
  generate(input: $input) { ... on Generation { id } ... on Error { message } }
}`;

/** Has jobs painted by a cluster of one server, one after the other or all at once. */
async function measure(workers: number, load: Load, together: boolean): Promise<readonly Times[]> {
  const environment = {
    PARTERRE_MAX_ACTIVE: "0",
    PARTERRE_PRELOAD: load.model,
    ...load === TINY && { PARTERRE_MODELS: TINY_MODELS },
  };
  await using cluster = await startCluster({ servers: 1, workers, environment });
  const client = new GraphqlClient(cluster.url);
  await using database = await connect(cluster.environment.PARTERRE_DATABASE ?? "");
  const accept = async (seed: number) => {
    const input = {
      model: load.model,
      width: load.edge,
      height: load.edge,
      steps: load.steps,
      seed,
      layout: { grid: { direction: "COLUMNS", ratios: "1,1" }, regions: [{ prompt: "ocean" }, { prompt: "forest" }] },
    };
    const { generate: { id, message } } = await client.request<{ generate: { id?: string; message?: string } }>(
      GENERATE,
      { input },
    );
    if (id === undefined) throw new Error(message);
  };
  const until = async (ended: number) => {
    while ((await database.times()).length < ended) await new Promise((resolve) => setTimeout(resolve, 100));
  };
  // Each worker has painted before anything counts.
  const before = 2 * workers;
  for (let i = 0; i < before; i++) await accept(i);
  await until(before);
  for (let i = 0; i < load.jobs; i++) {
    await accept(before + i);
    if (!together) await until(before + i + 1);
  }
  await until(before + load.jobs);
  return (await database.times()).slice(before);
}

/** Reads times from a cluster's database. */
async function connect(connectionString: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return {
    /** Of the jobs that have ended, in the order of their acceptance. */
    times: async (): Promise<readonly Times[]> => {
      const { rows } = await client.query<Record<keyof Times, string>>(`
        SELECT min(at) AS accepted,
          min(at) FILTER (WHERE type = 'STATUS' AND body::json->>'status' = 'RUNNING') AS claimed,
          min(at) FILTER (WHERE type = 'PROGRESS') AS "firstStep",
          max(at) FILTER (WHERE type = 'COMPLETED') AS ended
        FROM events GROUP BY generation_id HAVING bool_or(type = 'COMPLETED') ORDER BY accepted`);
      return rows.map(({ accepted, claimed, firstStep, ended }) => ({
        accepted: Number(accepted),
        claimed: Number(claimed),
        firstStep: Number(firstStep),
        ended: Number(ended),
      }));
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** Jobs per minute, from the first claim to the last end. */
function perMinute(times: readonly Times[]): number {
  const since = Math.min(...times.map(({ claimed }) => claimed));
  return 60_000 * times.length / (Math.max(...times.map(({ ended }) => ended)) - since);
}

/** The median and the 99th percentile, in words. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

endOnSignals();
const alone = await measure(1, TINY, false);
console.log(`accepted to claimed, idle: ${spread(alone.map(({ accepted, claimed }) => claimed - accepted))}`);
const busy = (await measure(1, TINY, true)).toSorted((a, b) => a.claimed - b.claimed);
console.log(
  `end of one to the claim of the next: ${spread(busy.slice(1).map((one, i) => one.claimed - (busy[i]?.ended ?? 0)))}`,
);
console.log(
  `claimed to the end of the first step: ${spread(busy.map(({ claimed, firstStep }) => firstStep - claimed))}`,
);
console.log(`tiny pictures, one worker: ${perMinute(busy).toFixed(0)} a minute`);
for (const workers of [1, 2, 4]) {
  const times = await measure(workers, PICTURES, true);
  console.log(`${workers} workers: ${perMinute(times).toFixed(0)} pictures a minute`);
}
