/** What is to be done from time to time, whether anything is asked for or not. */

import { getLogger } from "@logtape/logtape";
import { type Checkpoints, forgetEnded } from "./checkpoints.ts";
import type { GenerationStore } from "./generation_store.ts";
import type { JobQueue } from "./queue.ts";
import type { Retention } from "./retention.ts";
import type { WorkQueue } from "./work_queue.ts";
import { pause, waitMs } from "./until_stored.ts";

const log = getLogger(["parterre", "jobs"]);

/** Milliseconds between two looks for generations whose deadline has passed. */
const EXPIRY_MS = 1000;

/** Milliseconds between two sweeps. */
const SWEEP_MS = 10 * 60_000;

/** What it works with. */
export interface HouseServices {
  readonly queue: Pick<JobQueue, "expire">;
  readonly retention: Pick<Retention, "sweep">;
  readonly checkpoints: Checkpoints;
  readonly generations: Pick<GenerationStore, "get">;
  /** Where workers are processes of their own, which may all be gone. */
  readonly work?: Pick<WorkQueue, "recover"> | undefined;
}

/**
 * Expires what waits too long, removes what is kept no longer, and queues again what lost workers held, until `signal`
 * aborts. What is removed from a slow object store holds up nothing else.
 */
export async function keepHouse(services: HouseServices, signal: AbortSignal): Promise<void> {
  const { queue, retention, checkpoints, generations, work } = services;
  const look = async () => {
    await queue.expire();
    await work?.recover();
  };
  const sweep = async () => {
    await retention.sweep(signal);
    await forgetEnded(checkpoints, generations);
  };
  await Promise.all([again(look, EXPIRY_MS, signal), again(sweep, SWEEP_MS, signal)]);
}

/** Does something from time to time; sooner after a fault. */
async function again(task: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      await task();
      failures = 0;
    } catch (error) {
      failures++;
      if (!signal.aborted) log.error("Cannot keep house: {error}", { error });
    }
    await pause(failures === 0 ? everyMs : waitMs(failures, EXPIRY_MS), signal);
  }
}
