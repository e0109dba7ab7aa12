// deno-lint-ignore-file no-non-null-assertion
/** The dry-run report: numbers that can be worked out by hand, and every warning. */

import assert from "node:assert/strict";
import type { LayoutSpec, RegionSpec } from "../../../layout/layout.ts";
import { reportLayout } from "../../../layout/report/report.ts";
import { resolveOrThrow } from "../random_layout.ts";

const size = { width: 256, height: 256, factor: 8 };

function report(spec: LayoutSpec) {
  return reportLayout(resolveOrThrow(spec), size, { levels: 4, steps: 20 });
}

function rectangle(x: number, y: number, width: number, height: number): Pick<RegionSpec, "geometry"> {
  return { geometry: { rectangle: { x, y, width, height } } };
}

const whole = rectangle(0, 0, 1, 1);
const base = { basePrompt: "a garden" };

const near = (actual: number, expected: number) =>
  assert(Math.abs(actual - expected) < 1e-6, `${actual} instead of ${expected}`);

Deno.test("shares, levels and overlaps of two overlapping halves", () => {
  const found = report({
    basePrompt: "a garden",
    regions: [
      { prompt: "a", ...rectangle(0, 0, 0.5, 1) },
      { prompt: "b", weight: 3, baseRatio: 0.5, ...rectangle(0.25, 0, 0.5, 1) },
    ],
  });
  const [a, b] = found.regions;
  near(a!.share!, 0.25 + 0.25 / 4);
  near(b!.share!, 0.5 * (0.25 * 0.75 + 0.25));
  near(found.baseShare, 1 - a!.share! - b!.share!);
  near(a!.covered!, 0.5);
  assert.deepEqual(found.overlaps, [[0.5, 0.25], [0.25, 0.5]]);
  near(found.holes.share, 0.25);
  assert.deepEqual(found.holes.boxes, [{ x: 0.75, y: 0, width: 0.25, height: 1 }]);
  assert.deepEqual(a!.levels.map((l) => [l.width, l.height, l.touched, l.maximum]), [
    [32, 32, 0.5, 1],
    [16, 16, 0.5, 1],
    [8, 8, 0.5, 1],
    [4, 4, 0.5, 1],
  ]);
  near(a!.levels[0]!.cells, a!.share! * 32 * 32);
  assert.equal(a!.deepestSolidLevel, 3);
  assert.deepEqual(found.warnings, []);
});

Deno.test("a region has weight on every level, however small it is", () => {
  const { regions } = report({
    ...base,
    regions: [{ prompt: "a", ...rectangle(0.3, 0.3, 0.01, 0.01) }, { prompt: "b", baseRatio: 1, ...whole }],
  });
  assert.deepEqual(regions.map((r) => [r.deepestLevel, r.deepestSolidLevel]), [[3, null], [null, null]]);
});

Deno.test("a disabled region is reported as such, gets nothing and is no reason to warn", () => {
  const { regions, overlaps, warnings } = report({
    ...base,
    regions: [{ prompt: "", enabled: false, ...whole }, { prompt: "b", ...whole }],
  });
  assert.deepEqual(regions.map((r) => [r.enabled, r.share, r.covered, r.deepestLevel]), [
    [false, 0, 0, null],
    [true, 1, 1, 3],
  ]);
  assert.deepEqual(overlaps, [[0, 0], [0, 1]]);
  assert.deepEqual(warnings, []);
});

Deno.test("an aspect that is off by a percent is no warning", () => {
  assert.deepEqual(report({ ...base, aspect: 1.009 }).warnings, []);
  assert.deepEqual(report({ ...base, aspect: 1.012 }).warnings.map((w) => w.code), ["ASPECT"]);
});

Deno.test("ellipses, painted masks and the rest are reported like any region", () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 255) };
  const layout = resolveOrThrow({
    regions: [
      { prompt: "a", geometry: { mask: { asset: "a".repeat(64) } } },
      { prompt: "b", geometry: { ellipse: { cx: 0.75, cy: 0.5, rx: 0.25, ry: 0.5 } } },
      { prompt: "c", geometry: { rest: true } },
    ],
  });
  const { regions, holes } = reportLayout(layout, size, { levels: 4, images: new Map([["a".repeat(64), image]]) });
  [0.5, Math.PI / 8, 0.5 - Math.PI / 8].forEach((share, i) => {
    near(regions[i]!.covered!, share);
    near(regions[i]!.share!, share);
  });
  assert.equal(holes.share, 0);
});

Deno.test("a region loses its shape on the level where no cell is half its own", () => {
  const { regions, warnings } = report({
    basePrompt: "x",
    regions: [{ name: "fox", prompt: "a", ...rectangle(0, 0, 1 / 16, 1 / 16) }],
  });
  assert.equal(regions[0]!.deepestSolidLevel, 1);
  assert.deepEqual(warnings, [{
    code: "TEXTURE_ONLY",
    region: "fox",
    message: "region 'fox' covers 0.1 cells at the deepest level: it will steer texture, not shape",
  }]);
});

Deno.test("separate holes are separate boxes, the largest first, and 16 of them are listed", () => {
  const strips = (n: number) =>
    Array.from({ length: n }, (_, i) => ({ prompt: "a", ...rectangle((i + 0.5) / n, 0, 0.5 / n, 1) }));
  const two = report({ regions: [{ prompt: "a", ...rectangle(0.25, 0, 0.25, 1) }] }).holes;
  assert.deepEqual(two.boxes.map((b) => [b.x, b.width]), [[0.5, 0.5], [0, 0.25]]);
  assert.equal(two.more, 0);
  const wide = reportLayout(resolveOrThrow({ regions: strips(20) }), { width: 640, height: 64, factor: 8 }, {
    levels: 1,
  });
  assert.equal(wide.holes.boxes.length, 16);
  assert.equal(wide.holes.more, 4);
});

Deno.test("a hole that goes around a corner is one box", () => {
  for (const [x, y] of [[0, 0], [0.5, 0], [0, 0.5], [0.5, 0.5]] as const) {
    const { boxes, share } = report({ regions: [{ prompt: "a", ...rectangle(x, y, 0.5, 0.5) }] }).holes;
    assert.deepEqual(boxes, [{ x: 0, y: 0, width: 1, height: 1 }]);
    near(share, 0.75);
  }
});

const warned: [string, LayoutSpec, string | null, RegExp][] = [
  [
    "HIDDEN",
    { ...base, overlap: "Z_ORDER", regions: [{ name: "fox", prompt: "a", ...whole }, { prompt: "b", ...whole }] },
    "fox",
    /^region 'fox' is entirely hidden by others$/,
  ],
  ["BASE_ONLY", { ...base, regions: [{ name: "fox", prompt: "a", baseRatio: 1, ...whole }] }, "fox", /base ratio 1/],
  [
    "WEAK",
    { ...base, regions: [{ name: "fox", prompt: "a", baseRatio: 0.7, ...whole }] },
    "fox",
    /at most 30% of the weight/,
  ],
  ["EMPTY_PROMPT", { ...base, regions: [{ name: "fox", prompt: " ", ...whole }] }, "fox", /has no prompt/],
  [
    "NEVER_ACTIVE",
    { ...base, regions: [{ name: "fox", prompt: "a", start: 0.5, end: 0.51, ...whole }] },
    "fox",
    /none of the 20 steps/,
  ],
  [
    "FOUND_LATER",
    { ...base, regions: [{ name: "fox", prompt: "a", geometry: { words: { of: "fox" } } }] },
    "fox",
    /where its words are found from step 8 of 20 on: what it covers is not known before$/,
  ],
  [
    "COVERS_NOTHING",
    {
      ...base,
      regions: [{
        name: "fox",
        prompt: "a",
        geometry: { polygon: { points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1e-6 }] } },
      }],
    },
    "fox",
    /covers nothing/,
  ],
  [
    "EMPTY_BASE",
    { regions: [{ prompt: "a", ...rectangle(0, 0, 0.5, 1) }] },
    null,
    /^holes \(50% of the canvas\) take the base prompt but it is empty$/,
  ],
  ["EMPTY_BASE", {}, null, /no regions and the base prompt is empty/],
  [
    "UNCOVERED",
    { holes: "ERROR", regions: [{ prompt: "a", ...rectangle(0, 0, 0.5, 1) }] },
    null,
    /^regions leave 50% of the canvas uncovered/,
  ],
  [
    "ASPECT",
    { ...base, aspect: 1.5 },
    null,
    /^the layout was made for an aspect of 1\.5 and is stretched to 1$/,
  ],
  [
    "EMPTY_BASE",
    { holes: "NEAREST", regions: [{ prompt: "a", enabled: false, ...whole }] },
    null,
    /^holes \(100% of the canvas\) take the base prompt but it is empty$/,
  ],
];

for (const [code, spec, region, message] of warned) {
  Deno.test(`warning ${code}: ${message.source}`, () => {
    const { warnings } = report(spec);
    assert.deepEqual(warnings.map((w) => [w.code, w.region]), [[code, region]]);
    assert.match(warnings[0]!.message, message);
  });
}

Deno.test("holes that go to the nearest region, or take a base prompt, are no warning", () => {
  const regions = [{ prompt: "a", ...rectangle(0, 0, 0.5, 1) }];
  assert.deepEqual(report({ holes: "NEAREST", regions }).warnings, []);
  assert.deepEqual(report({ commonPrompt: "oil painting", regions }).warnings, []);
});

Deno.test("what words will cover is null, not nothing, and others are told as long as they are not found", () => {
  const layout = resolveOrThrow({
    regions: [
      {
        prompt: "a",
        geometry: { union: [{ words: { of: "fox" } }, { ellipse: { cx: 0.5, cy: 0.5, rx: 0.1, ry: 0.1 } }] },
      },
      { prompt: "b", geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } } },
    ],
  });
  const { regions: [found, other] } = reportLayout(layout, { width: 256, height: 256, factor: 8 }, { levels: 3 });
  const { share, covered, levels, deepestLevel, deepestSolidLevel } = found!;
  assert.deepEqual([share, covered, levels, deepestLevel, deepestSolidLevel], [null, null, [], null, null]);
  near(other!.covered!, 0.5);
});
