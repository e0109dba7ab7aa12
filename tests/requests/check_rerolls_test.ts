/** Which regions can be painted anew. */

import assert from "node:assert/strict";
import type { Reroll } from "../../compute/pipeline/request.ts";
import { formatPath } from "../../errors.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { checkRerolls } from "../../requests/check_rerolls.ts";

const HALF = { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } };
const resolution = resolveLayout({
  basePrompt: "a fox in a wood",
  regions: [
    { name: "half", prompt: "a", geometry: HALF },
    { name: "off", prompt: "b", geometry: HALF, enabled: false },
    { name: "fox", prompt: "c", geometry: { union: [{ words: { of: "fox" } }, HALF] } },
    { name: "rest", prompt: "d", geometry: { rest: true } },
  ],
}, { maxRegions: 4 });
const layout = "layout" in resolution ? resolution.layout : undefined;

function problems(...rerolls: readonly (readonly [string, number][])[]): readonly string[] {
  const found: string[] = [];
  const given = rerolls.map((regions): Reroll => ({
    of: null,
    regions: regions.map(([name, seed]) => ({ name, seed })),
    lockRest: true,
  }));
  assert.ok(layout);
  const checked = checkRerolls(given, layout, (code, field, _value, rule) => {
    found.push(`${code} ${formatPath([field].flat())} ${rule}`);
  });
  assert.deepEqual(checked, given.length === 0 ? undefined : given);
  return found;
}

Deno.test("regions that paint, at known places, can be painted anew; the rest is refused where it stands", () => {
  assert.deepEqual(problems(), []);
  assert.deepEqual(problems([["half", 0]], [["half", 0xffffffff]]), []);
  const paint = "must be one of the regions that paint: half, fox, rest";
  assert.deepEqual(problems([["half", 1]], [["sky", 1], ["off", 2]]), [
    `INVALID_VALUE rerolls[1].regions[0].name ${paint}`,
    `INVALID_VALUE rerolls[1].regions[1].name ${paint}`,
  ]);
  const place = "must be a region whose place is known before it is painted: this one's is found by words";
  assert.deepEqual(problems([["fox", 1], ["rest", 2]]), [
    `UNSUPPORTED rerolls[0].regions[0].name ${place}`,
    `UNSUPPORTED rerolls[0].regions[1].name ${place}`,
  ]);
  const seed = "must be a whole number from 0 to 4294967295";
  assert.deepEqual(problems([["half", -1]], [["half", 0.5]], [["half", 2 ** 32]]), [
    ...[0, 1, 2].map((i) => `OUT_OF_RANGE rerolls[${i}].regions[0].seed ${seed}`),
  ]);
  assert.deepEqual(problems(...Array.from({ length: 9 }, () => [["half", 1]] as [string, number][])), [
    "OUT_OF_RANGE rerolls must be at most 8 that follow each other",
  ]);
});
