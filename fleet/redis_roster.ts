/** The roster over Redis: what each worker says of itself, for as long as it says it again and again. */

import { getLogger } from "@logtape/logtape";
import { z } from "zod";
import type { Roster, WorkerReport } from "../jobs/workers.ts";
import { readJson } from "./read_json.ts";
import type { FleetRedis } from "./redis.ts";

/** Milliseconds until a worker that says nothing is forgotten. */
const FORGOTTEN_MS = 15_000;

/** How long an answer is good for, in milliseconds. */
const KEPT_MS = 1000;

const log = getLogger(["parterre", "fleet"]);

/** What another process wrote, perhaps of another version, or no worker at all. */
const REPORT: z.ZodType<WorkerReport> = z.looseObject({
  id: z.string(),
  version: z.string(),
  provider: z.enum(["wasm", "webgpu", "native"]),
  threads: z.number(),
  engine: z.string(),
  kind: z.string().nullable().default(null),
  memoryBudget: z.number(),
  memoryUsed: z.number(),
  models: z.array(
    z.looseObject({ name: z.string(), loaded: z.boolean(), predictionMsPerMegapixel: z.number().nullable() }),
  ),
  painting: z.looseObject({ generationId: z.string(), step: z.number(), since: z.number() }).nullable(),
  aiding: z.string().nullable().default(null),
  startedAt: z.number(),
  at: z.number(),
});

/** Reads and writes the roster. Every method may reject while Redis is away. */
export class RedisRoster implements Roster {
  #latest: { readonly at: number; readonly workers: Promise<readonly WorkerReport[]> } | undefined;

  constructor(private readonly redis: FleetRedis) {}

  /** Says what a worker says of itself. */
  async announce(report: WorkerReport): Promise<void> {
    const { commands } = this.redis;
    await commands.set(this.#key(report.id), JSON.stringify(report), "PX", FORGOTTEN_MS);
    await commands.sadd(this.#ids, report.id);
  }

  /** A worker is there no more. */
  async leave(id: string): Promise<void> {
    await this.redis.commands.del(this.#key(id));
    await this.redis.commands.srem(this.#ids, id);
  }

  async list(): Promise<readonly WorkerReport[]> {
    const now = performance.now();
    if (this.#latest === undefined || now - this.#latest.at >= KEPT_MS) {
      const workers = this.#read();
      this.#latest = { at: now, workers };
      workers.catch(() => this.#latest = undefined);
    }
    return await this.#latest.workers;
  }

  async #read(): Promise<readonly WorkerReport[]> {
    const { commands } = this.redis;
    const ids = (await commands.smembers(this.#ids)).sort();
    if (ids.length === 0) return [];
    const reports = await commands.mget(ids.map((id) => this.#key(id)));
    const gone = ids.filter((_, i) => reports[i] === null);
    if (gone.length > 0) await commands.srem(this.#ids, ...gone);
    return reports.flatMap((report) => report === null ? [] : readReport(report));
  }

  get #ids(): string {
    return `${this.redis.prefix}:workers`;
  }

  #key(id: string): string {
    return `${this.redis.prefix}:worker:${id}`;
  }
}

/** The report; none where the text is no report of a worker that this version could show. */
function readReport(text: string): readonly WorkerReport[] {
  const { data, error } = REPORT.safeParse(readJson(text));
  if (data !== undefined) return [data];
  log.debug("Not a worker that is known here: {error}", { error });
  return [];
}
