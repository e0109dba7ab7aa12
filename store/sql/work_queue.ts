/** The workers' side of the job queue in a database. */

import { InvalidInputError } from "../../errors.ts";
import { LeaseLostError } from "../../jobs/errors.ts";
import type { GenerationError, GenerationImage, GenerationMetrics, RegionMask } from "../../jobs/generation.ts";
import { stepsInAll } from "../../jobs/pictures.ts";
import type { Claim, ClaimOptions, Recovered, RecoverOptions, StepProgress, WorkQueue } from "../../jobs/work_queue.ts";
import { noteUse } from "./asset_use_rows.ts";
import type { Change } from "./change.ts";
import { canceling, type Changes, WORK } from "./changes.ts";
import { appendEvent } from "./event_rows.ts";
import { claimable, nextToken, takeFirst } from "./claims.ts";
import { anyQueued, findGeneration, lockGeneration } from "./generation_queries.ts";
import { changeStatus, failed, tellStatus, toGeneration, UNHELD, WAITING } from "./generation_rows.ts";
import { recoverLost } from "./recovery.ts";
import type { GenerationRow } from "./tables.ts";
import { giveTurnBack, takeTurn } from "./turns.ts";

/** How workers are served. */
export interface SqlWorkQueueOptions {
  /** How many workers may be lost over one generation before it fails. */
  readonly maxAttempts: number;
  /** How long `waitForWork` waits without a notification, in milliseconds. */
  readonly pollMs: number;
}

/** Generations in a database, as workers see them. Those who wait are woken through the bell. */
export class SqlWorkQueue implements WorkQueue {
  readonly #changes: Changes;
  readonly #options: SqlWorkQueueOptions;

  constructor(changes: Changes, options: SqlWorkQueueOptions) {
    this.#changes = changes;
    this.#options = options;
  }

  async waitForWork(signal: AbortSignal): Promise<void> {
    const { bell, db } = this.#changes;
    // Listening before looking: a generation enqueued in between rings.
    using ring = bell.listen(WORK, [signal], this.#options.pollMs);
    if (!await anyQueued(db)) await ring.heard;
  }

  async claim(workerId: string, leaseMs: number, { models }: ClaimOptions = {}): Promise<Claim | null> {
    // Whoever finds nothing keeps nobody out.
    if (!await claimable(this.#changes, models)) return null;
    return await this.#changes.make(async (change) => {
      const { db, now } = change;
      const held = { workerId, token: await nextToken(db), until: leaseEnd(now, leaseMs) };
      const row = await takeFirst(change, models, held);
      if (row === undefined) return null;
      await takeTurn(db, row.lane, held.token);
      await tellStatus(change, row, null);
      return { generation: toGeneration(row), token: held.token };
    });
  }

  async renew(id: string, token: number, leaseMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#changes.db.updateTable("generations")
      .set({ lease_expires_at: leaseEnd(this.#changes.now(), leaseMs) })
      .where("id", "=", id).where("token", "=", token)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  onCancel(id: string, token: number, canceled: () => void): Disposable {
    const { bell, db } = this.#changes;
    const look = async () => {
      if (bell.closed) return;
      const row = await findGeneration(db, id).catch(() => undefined); // progress tells later
      if (row?.status === "CANCELING" && row.token === token) canceled();
    };
    return bell.hear(canceling(id), look);
  }

  begin(id: string, token: number, { step, reason }: { step: number; reason: string }): Promise<void> {
    return this.#changes.makeUnsynced(async (change) => {
      const { request, status } = toGeneration(await held(change, id, token));
      checkStep(step, stepsInAll(request));
      await change.db.updateTable("generations").set({ step, eta_ms: null }).where("id", "=", id).execute();
      await appendEvent(change, id, { type: "STATUS", status, reason });
    });
  }

  progress(id: string, token: number, { step, etaMs, preview }: StepProgress): Promise<{ cancelRequested: boolean }> {
    return this.#changes.makeUnsynced(async (change) => {
      const { request, status } = toGeneration(await held(change, id, token));
      const steps = stepsInAll(request);
      checkStep(step, steps);
      await change.db.updateTable("generations").set({ step, eta_ms: etaMs }).where("id", "=", id).execute();
      await appendEvent(change, id, { type: "PROGRESS", step, steps, etaMs });
      if (preview !== null) await appendEvent(change, id, { type: "PREVIEW", step, steps, ...preview });
      return { cancelRequested: status === "CANCELING" };
    });
  }

  noteRegionMasks(id: string, token: number, masks: readonly RegionMask[]): Promise<void> {
    return this.#changes.make(async (change) => {
      await held(change, id, token);
      const region_masks = JSON.stringify(masks);
      await change.db.updateTable("generations").set({ region_masks }).where("id", "=", id).execute();
      for (const { image } of masks) await noteUse(change.db, image.assetKey, "MASK", id);
      await appendEvent(change, id, { type: "REGION_MASKS", masks });
    });
  }

  complete(
    id: string,
    token: number,
    result: {
      readonly image: GenerationImage;
      readonly moreImages?: readonly GenerationImage[];
      readonly metrics: GenerationMetrics | null;
    },
  ): Promise<void> {
    return this.#changes.make(async (change) => {
      const { request } = toGeneration(await held(change, id, token));
      const { moreImages = [] } = result;
      const image = JSON.stringify(result.image);
      const more_images = moreImages.length === 0 ? null : JSON.stringify(moreImages);
      const metrics = result.metrics === null ? null : JSON.stringify(result.metrics);
      for (const { assetKey } of [result.image, ...moreImages]) await noteUse(change.db, assetKey, "PICTURE", id);
      const done = { ...UNHELD, status: "SUCCEEDED", step: stepsInAll(request), image, more_images, metrics } as const;
      await changeStatus(change, id, done, null);
    });
  }

  fail(id: string, token: number, error: GenerationError): Promise<void> {
    return this.#changes.make(async (change) => {
      await held(change, id, token);
      await changeStatus(change, id, failed(error), error.message);
    });
  }

  release(id: string, token: number, reason: string): Promise<void> {
    return this.#changes.make(async (change) => {
      const row = await held(change, id, token);
      if (row.status === "CANCELING") {
        await changeStatus(change, id, { ...UNHELD, status: "CANCELED" }, null);
      } else {
        await changeStatus(change, id, { ...WAITING, attempts: row.attempts - 1 }, reason);
        await giveTurnBack(change.db, row.lane);
      }
    });
  }

  recover({ allLeases = false, now }: RecoverOptions = {}): Promise<Recovered> {
    return this.#changes.make((change) => {
      const expiredAt = allLeases ? null : now ?? change.now;
      return recoverLost(change, expiredAt, this.#options.maxAttempts);
    });
  }
}

/** The row of a generation that `token` holds. @throws {LeaseLostError} if it does not. */
async function held(change: Change, id: string, token: number): Promise<GenerationRow> {
  const row = await lockGeneration(change, id);
  if (row?.token !== token) throw new LeaseLostError(id, token);
  return row;
}

/** @throws {InvalidInputError} if so many steps cannot be completed. */
function checkStep(step: number, steps: number): void {
  if (Number.isInteger(step) && step >= 0 && step <= steps) return;
  throw new InvalidInputError("OUT_OF_RANGE", ["step"], step, `must be an integer from 0 to ${steps}`);
}

function leaseEnd(now: number, leaseMs: number): number {
  if (!(leaseMs > 0)) throw new RangeError(`Cannot lease a generation for ${leaseMs} ms: must be greater than 0`);
  return Math.ceil(now + leaseMs);
}
