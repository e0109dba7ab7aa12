/** The re-rolls of a request. */

import type { Reroll } from "../compute/pipeline/request.ts";
import type { Layout } from "../layout/layout.ts";
import { isUnknownAtStart } from "../layout/words.ts";
import type { Fail } from "./fail.ts";

/** How many may follow each other: every one that holds the rest takes all the predictions once more. */
export const MAX_REROLLS = 8;

/**
 * Checks re-rolls; problems are noted at `rerolls`, by index, and within each at its regions.
 * @param layout Undefined where it has problems of its own.
 * @returns Undefined for none.
 */
export function checkRerolls(
  rerolls: readonly Reroll[],
  layout: Layout | undefined,
  fail: Fail,
): readonly Reroll[] | undefined {
  if (rerolls.length > MAX_REROLLS) {
    fail("OUT_OF_RANGE", "rerolls", rerolls.length, `must be at most ${MAX_REROLLS} that follow each other`);
  }
  const names = layout?.regions.filter(({ enabled }) => enabled).map(({ name }) => name);
  for (const [i, { regions }] of rerolls.entries()) {
    if (regions.length === 0) fail("INVALID_VALUE", ["rerolls", i, "regions"], [], "must name a region");
    const seen = new Set<string>();
    for (const [r, { name, seed }] of regions.entries()) {
      const place = ["rerolls", i, "regions", r];
      if (names !== undefined && !names.includes(name)) {
        fail("INVALID_VALUE", [...place, "name"], name, unknown(names));
      } else if (seen.has(name)) {
        fail("INVALID_VALUE", [...place, "name"], name, "must be named once");
      }
      if (layout !== undefined && isUnknownAtStart(layout, name)) {
        const rule = "must be a region whose place is known before it is painted: this one's is found by words";
        fail("UNSUPPORTED", [...place, "name"], name, rule);
      }
      seen.add(name);
      if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
        fail("OUT_OF_RANGE", [...place, "seed"], seed, "must be a whole number from 0 to 4294967295");
      }
    }
  }
  return rerolls.length === 0 ? undefined : rerolls;
}

function unknown(names: readonly string[]): string {
  if (names.length === 0) return "must not be set: the picture has no regions that paint";
  return `must be one of the regions that paint: ${names.join(", ")}`;
}
