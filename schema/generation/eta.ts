/** When a picture is expected. */

import type { Generation } from "../../jobs/generation.ts";
import type { Services } from "../services.ts";

/**
 * Milliseconds until the picture is expected; null where nobody knows. While it waits, the workers that have its model
 * take what comes before it in turns, each as long as recent pictures took.
 */
export async function etaMs(
  { id, status, etaMs, request: { model } }: Generation,
  { queue, workers }: Pick<Services, "queue" | "workers">,
): Promise<number | null> {
  if (status !== "QUEUED") return etaMs;
  const [position, each, all] = await Promise.all([
    queue.position(id),
    queue.recentMs(),
    workers.list().catch(() => []), // Redis may be away
  ]);
  const able = all.filter(({ models }) => models.some(({ name }) => name === model)).length;
  if (position === null || each === null || able === 0) return null;
  return (Math.floor(position / able) + 1) * each;
}
