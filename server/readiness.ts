/** Whether the server can take work now, and what is in the way: `/ready`, for those who send it traffic. */

import { getLogger } from "@logtape/logtape";
import type { Compute } from "../compute/worker/compute.ts";
import type { ModelCatalog } from "../compute/model/catalog.ts";
import type { Store } from "../store/store.ts";
import { RedisAwayError } from "../fleet/redis_away_error.ts";
import { StorageError } from "../assets/storage_error.ts";
import { inTime, LateError } from "../workers/in_time.ts";

const log = getLogger(["parterre", "server"]);

/** Bytes below which a disk counts as full: the largest pictures and their previews take less. */
const LEAST_FREE = 32 * 2 ** 20;

/** How long an answer is good for, in milliseconds: whoever asks more often costs nothing. */
const KEPT_MS = 1000;

/** How long a check may take, in milliseconds. */
const PATIENCE_MS = 2000;

/** Seconds after which those who were refused may ask again. */
const RETRY_AFTER = 5;

/** What is looked at. */
export interface ReadinessServices {
  readonly closing: AbortSignal;
  readonly catalog: Pick<ModelCatalog, "hasUsable">;
  readonly compute: Pick<Compute, "ready">;
  readonly check: Store["check"];
  readonly checkDatabase: Store["checkDatabase"];
  readonly checkAssets: Store["checkAssets"];
  /** @throws {RedisAwayError} */
  readonly checkRedis: () => Promise<void>;
}

/** What a check found; the reason names no file, for everybody may ask. */
export type Check = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** What is looked at, in the order of the answer. */
const CHECKS = ["accepting", "disk", "database", "assets", "redis", "models", "compute"] as const;

/** The answer to `/ready`. */
export interface ReadinessReport {
  readonly status: "ready" | "unavailable";
  readonly checks: Readonly<Record<typeof CHECKS[number], Check>>;
}

const OK: Check = { ok: true };

/** Looks at everything that a generation needs; answers for all who ask within a second. */
export class Readiness {
  #latest: { readonly at: number; readonly report: Promise<ReadinessReport> } | undefined;
  #unavailable = "";

  constructor(private readonly services: ReadinessServices) {}

  /** How things stand; looked at anew at most once a second. */
  async report(): Promise<ReadinessReport> {
    const now = performance.now();
    if (this.#latest === undefined || now - this.#latest.at >= KEPT_MS) {
      this.#latest = { at: now, report: this.#look() };
    }
    const { checks } = await this.#latest.report;
    // Known at once, so that nobody sends what would be refused.
    const accepting: Check = this.services.closing.aborted ? { ok: false, reason: "shutting down" } : OK;
    const all = { ...checks, accepting };
    return { status: CHECKS.every((name) => all[name].ok) ? "ready" : "unavailable", checks: all };
  }

  /** 200 with the report, or 503. */
  async respond(): Promise<Response> {
    const report = await this.report();
    const headers = { "cache-control": "no-store" };
    if (report.status === "ready") return Response.json(report, { headers });
    return Response.json(report, { status: 503, headers: { ...headers, "retry-after": String(RETRY_AFTER) } });
  }

  async #look(): Promise<ReadinessReport> {
    const { check, checkDatabase, checkAssets, checkRedis, catalog, compute } = this.services;
    const done = (look: () => Promise<void>) => outcome(() => look().then(() => OK));
    const [{ disk, database: local }, remote, assets, redis, models, ready] = await Promise.all([
      storeChecks(check),
      done(checkDatabase),
      done(checkAssets),
      done(checkRedis),
      outcome(() => catalog.hasUsable() ? OK : { ok: false, reason: "there is no model that can be used" }),
      outcome(async () => {
        await compute.ready();
        return OK;
      }),
    ]);
    const database = local.ok ? remote : local;
    const checks = { accepting: OK, disk, database, assets, redis, models, compute: ready };
    const reasons = CHECKS.flatMap((name) => {
      const found = checks[name];
      return found.ok ? [] : [`${name}: ${found.reason}`];
    }).join("; ");
    if (reasons !== this.#unavailable) {
      if (reasons === "") log.info("Ready again");
      else log.error("Not ready: {reasons}", { reasons });
      this.#unavailable = reasons;
    }
    return { status: reasons === "" ? "ready" : "unavailable", checks };
  }
}

/** One look at the store: which of disk and database is in the way. */
async function storeChecks(check: Store["check"]): Promise<Record<"disk" | "database", Check>> {
  try {
    const { free } = await inTime(check(), PATIENCE_MS);
    if (free !== null && free < LEAST_FREE) {
      return { disk: { ok: false, reason: `${Math.floor(free / 2 ** 20)} MiB are free` }, database: OK };
    }
    return { disk: OK, database: OK };
  } catch (error) {
    const found: Check = { ok: false, reason: reasonOf(error) };
    const ofDisk = error instanceof StorageError &&
      (error.code === "STORAGE_FULL" || error.code === "STORAGE_READ_ONLY");
    return ofDisk ? { disk: found, database: OK } : { disk: OK, database: found };
  }
}

async function outcome(look: () => Check | Promise<Check>): Promise<Check> {
  try {
    return await inTime(Promise.resolve(look()), PATIENCE_MS);
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof StorageError) return error.reason;
  if (error instanceof LateError || error instanceof RedisAwayError) return error.message;
  log.error("A check failed: {error}", { error });
  return "the check failed; the log says why";
}
