/** Jobs painted by a cluster of one server, with the times at which each went through what, from the events' log. */

import pg from "pg";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { startCluster } from "./cluster.ts";

/** Jobs of a kind. */
export interface Load {
  readonly model: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly jobs: number;
  /** Other fields of the input. */
  readonly more?: object;
  /** Where the model is, if not where models are. */
  readonly modelsFolder?: string;
}

/** When one job went through what, in milliseconds since the epoch. */
export interface Times {
  readonly accepted: number;
  readonly claimed: number;
  readonly firstStep: number;
  readonly ended: number;
}

const GENERATE = `mutation ($input: GenerateInput!) {
  generate(input: $input) { ... on Generation { id } ... on Error { message } }
}`;

/** How they are painted. */
export interface Painting {
  readonly workers: number;
  /** Of each worker; default 1. */
  readonly threads?: number;
  /** All at once; default: one after the other. */
  readonly atOnce?: boolean;
}

/** Has jobs painted. */
export async function measure(
  load: Load,
  { workers, threads = 1, atOnce = false }: Painting,
): Promise<readonly Times[]> {
  const environment = {
    PARTERRE_MAX_ACTIVE: "0",
    PARTERRE_PRELOAD: load.model,
    PARTERRE_THREADS: `${threads}`,
    ...load.modelsFolder !== undefined && { PARTERRE_MODELS: load.modelsFolder },
  };
  await using cluster = await startCluster({ servers: 1, workers, environment });
  const client = new GraphqlClient(cluster.url);
  await using database = await connect(cluster.environment.PARTERRE_DATABASE ?? "");
  const accept = async (seed: number) => {
    const input = {
      model: load.model,
      width: load.width,
      height: load.height,
      steps: load.steps,
      seed,
      layout: { grid: { direction: "COLUMNS", ratios: "1,1" }, regions: [{ prompt: "ocean" }, { prompt: "forest" }] },
      ...load.more,
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
    if (!atOnce) await until(before + i + 1);
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
