/** How fast the workers paint, together. */

import type { WorkerReport } from "./workers.ts";

/** By model: the mean of what was measured, in milliseconds per pixel. */
export function meanMsPerPixel(workers: readonly WorkerReport[]): ReadonlyMap<string, number> {
  const measured = workers.flatMap(({ models }) =>
    models.flatMap(({ name, predictionMsPerMegapixel: ms }) => ms === null ? [] : [{ name, ms: ms / 1e6 }])
  );
  const mean = (of: readonly { readonly ms: number }[]) => of.reduce((sum, { ms }) => sum + ms, 0) / of.length;
  return new Map([...Map.groupBy(measured, ({ name }) => name)].map(([name, of]) => [name, mean(of)]));
}
