/** Re-rolls of re-rolls: what the next one is of, and which paths it is held to. */

import type { PictureRequest, Reroll } from "./request.ts";

/**
 * A picture's re-rolls with one more. Those before it of which nothing is left are not kept: the last ones whose regions
 * are all painted anew again, unless the rest was free then and is to be held now.
 */
export function withReroll(earlier: readonly Reroll[], next: Reroll): readonly Reroll[] {
  const names = new Set(next.regions.map(({ name }) => name));
  const last = earlier.at(-1);
  const gone = last !== undefined && last.regions.every(({ name }) => names.has(name)) &&
    (last.lockRest || !next.lockRest);
  return gone ? withReroll(earlier.slice(0, -1), next) : [...earlier, next];
}

/**
 * The requests whose paths a request needs, itself last: each is held to the path of the one before it. All paths are
 * found anew, side by side, rather than kept: the same request takes the same path.
 */
export function heldRuns<R extends Pick<PictureRequest, "rerolls">>(request: R): readonly [R, ...R[]] {
  const { rerolls = [] } = request;
  const before = { ...request, rerolls: rerolls.slice(0, -1) };
  return rerolls.at(-1)?.lockRest === true ? [...heldRuns(before), request] : [request];
}
