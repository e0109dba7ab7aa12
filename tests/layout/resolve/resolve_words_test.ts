// deno-lint-ignore-file no-non-null-assertion
/** Regions that are found by words: what may be asked for, and that it reads back. */

import assert from "node:assert/strict";
import type { RegionSpec } from "../../../layout/layout.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";
import { foundMaskKey, type WordsShape } from "../../../layout/shapes/words.ts";
import { specOfLayout } from "../../../layout/spec_of.ts";
import { compileWeightMaps } from "../../../layout/weights/weight_maps.ts";
import { resolveOrThrow } from "../random_layout.ts";

const region = (words: unknown, more: Partial<RegionSpec> = {}): RegionSpec => ({
  prompt: "x",
  geometry: { words } as RegionSpec["geometry"] & object,
  ...more,
});

function problem(region: RegionSpec): string {
  const resolution = resolveLayout({ regions: [region] }, { maxRegions: 4 });
  assert("problems" in resolution);
  return resolution.problems.map(({ message }) => message).join("; ");
}

Deno.test("words have a threshold of 0.4 and are the base's by default, and read back as they were sent", () => {
  const sent = { regions: [region({ of: " red fox " }), region({ of: "cat", threshold: 0.7, from: "BASE" })] };
  const layout = resolveOrThrow(sent);
  assert.deepEqual(layout.regions.map(({ geometry }) => geometry), [
    { kind: "WORDS", of: "red fox", threshold: 0.4, from: "BASE" },
    { kind: "WORDS", of: "cat", threshold: 0.7, from: "BASE" },
  ]);
  assert.deepEqual(resolveOrThrow(specOfLayout(layout)), layout);
});

Deno.test("what words cannot be is refused at its field", () => {
  const at = "layout.regions[0].geometry.words";
  assert.equal(problem(region({ of: "  " })), `${at}.of: must not be empty, got "  "`);
  assert.match(problem(region({ of: "a", threshold: 1 })), /words.threshold: must be at most 0.99, got 1$/);
  assert.match(problem(region({ of: "a", threshold: 0 })), /words.threshold: must be at least 0.01, got 0$/);
  assert.match(problem(region({ of: "a", from: "REGION" })), /words.from: must be one of BASE, got "REGION"$/);
  assert.match(problem(region({ of: "a" }, { seed: 7 })), /seed: must be null for a region that is found by words/);
});

Deno.test("what is not found covers nothing; what was found covers its cells exactly, unions and cuts included", () => {
  const size = { width: 32, height: 16, factor: 8 };
  const layout = resolveOrThrow({
    regions: [
      region({ of: "cat" }),
      {
        prompt: "y",
        geometry: {
          subtraction: {
            from: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } },
            subtract: [{ words: { of: "cat" } }],
          },
        },
      },
    ],
  });
  const shape = layout.regions[0]!.geometry as WordsShape;
  const maps = (images: Parameters<typeof compileWeightMaps>[2]) => [...compileWeightMaps(layout, size, images).data];
  assert.deepEqual(maps({}), [0, 0, 1, 1, 0, 0, 1, 1, ...[0, 0, 0, 0, 0, 0, 0, 0], ...[1, 1, 0, 0, 1, 1, 0, 0]]);
  const white = [255, 255, 255, 255], black = [0, 0, 0, 255];
  const data = Uint8Array.from([white, black, black, black, black, black, white, black].flat());
  const images = new Map([[foundMaskKey(shape), { width: 4, height: 2, data }]]);
  assert.deepEqual(maps({ images }), [0, 0, 1, 1, 0, 0, 0, 1, ...[1, 0, 0, 0, 0, 0, 1, 0], ...[
    0,
    1,
    0,
    0,
    1,
    1,
    0,
    0,
  ]]);
});
