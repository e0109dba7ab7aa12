/** Who can paint with a model. */

import type { Roster } from "./workers.ts";

/** Whether any worker that runs now can paint with a model; null where nobody knows, as while Redis is away. */
export async function hasWorker(model: string, workers: Roster): Promise<boolean | null> {
  const all = await workers.list().catch(() => null);
  return all && all.some(({ models }) => models.some(({ name }) => name === model));
}
