/** Layouts as Regional Prompter's text: what is read back has the same cells and prompts, and what is lost is told. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { exportRegionalPrompt } from "../../../../layout/adapters/regional_prompter/export.ts";
import { maskColour } from "../../../../layout/adapters/regional_prompter/mask_colours.ts";
import { readRegionalPrompt } from "../../../../layout/adapters/regional_prompter/prompt.ts";
import type { Layout, LayoutSpec, RegionSpec } from "../../../../layout/layout.ts";
import { gridCells } from "../../../../layout/masks/grid.ts";
import { pictureLoras } from "../../../../layout/loras.ts";
import { layoutPrompts } from "../../../../layout/prompts.ts";
import { understood } from "../adapting.ts";
import { resolveOrThrow } from "../../random_layout.ts";

const ASSET = "ab".repeat(32);

/** The layout that the text means, and the text's warnings. */
function roundTrip(spec: LayoutSpec) {
  const layout = resolveOrThrow(spec);
  const { input, warnings } = exportRegionalPrompt(layout);
  return { layout, input, warnings, read: understood(readRegionalPrompt(input)) };
}

/** What paints: places, complete prompts and shares, in the order of the cells. */
function painted(layout: Layout) {
  const cells = layout.grid === null ? [] : gridCells(layout.grid);
  const { positive, negative } = layoutPrompts(layout);
  const regions = layout.regions.map(({ geometry, baseRatio }, i) => {
    const box = geometry.kind === "CELL" ? cells[geometry.cell] : geometry.kind === "RECTANGLE" ? geometry : undefined;
    const place = box === undefined ? geometry : [box.x, box.y, box.width, box.height].map((n) => n.toFixed(7));
    return { place, baseRatio, positive: positive[i + 1], negative: negative[i + 1] };
  });
  return { base: positive[0], baseNegative: negative[0], regions };
}

const word = fc.stringMatching(/^[a-z]{2,6}( [a-z]{2,6})?$/);
const maybe = (text: fc.Arbitrary<string>) => fc.oneof(fc.constant(""), text);
const share = fc.constantFrom(0, 0.2, 0.35, 1);
const ratio = fc.integer({ min: 1, max: 9 });

/** Rows of cells as ratios, with how many cells they are. */
const grid = fc.tuple(
  fc.constantFrom("COLUMNS", "ROWS"),
  fc.array(fc.tuple(ratio, fc.array(ratio, { minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 3 }),
).map(([direction, groups]) => {
  const [only] = groups;
  const count = groups.reduce((sum, [, cells]) => sum + cells.length, 0);
  if (groups.length === 1 && only !== undefined) return { direction, ratios: only[1].join(","), count };
  const [outer, inner] = direction === "COLUMNS" ? [";", ","] : [",", ";"];
  const ratios = groups.map(([size, cells]) => [size, ...cells].join(inner)).join(outer);
  return { direction, ratios, count };
}).filter(({ count }) => count > 1);

const region = fc.record({
  prompt: word,
  baseRatio: share,
  negativePrompt: fc.option(word, { nil: null }),
  style: maybe(word),
});

const layoutOfGrid: fc.Arbitrary<LayoutSpec> = grid.chain(({ direction, ratios, count }) =>
  fc.record({
    commonPrompt: maybe(word),
    commonNegativePrompt: maybe(word),
    commonPlacement: fc.constantFrom("PREFIX" as const, "SUFFIX" as const),
    basePrompt: word,
    negativePrompt: maybe(word),
    regions: fc.array(region, { minLength: count, maxLength: count }),
  }).map((rest) => ({ ...rest, grid: { direction: direction as "COLUMNS" | "ROWS", ratios } }))
);

Deno.test("a grid's text means the same cells, prompts, negatives and shares of the base", () => {
  fc.assert(
    fc.property(layoutOfGrid, (spec) => {
      const { layout, read, warnings } = roundTrip(spec);
      assert.deepEqual(painted(read.layout), painted(layout));
      assert.deepEqual(warnings, []);
      assert.deepEqual(read.warnings, []);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("rectangles that make up rows or columns are a grid", () => {
  fc.assert(
    fc.property(layoutOfGrid, fc.boolean(), (spec, reversed) => {
      const gridded = resolveOrThrow(spec);
      const cells = gridCells(gridded.grid ?? assert.fail());
      const regions = (spec.regions ?? []).map((own, i): RegionSpec => {
        const { x, y, width, height } = cells[i] ?? assert.fail();
        return { ...own, geometry: { rectangle: { x, y, width, height } } };
      });
      const { grid: _, ...rest } = spec;
      const { read, warnings } = roundTrip({ ...rest, regions: reversed ? regions.toReversed() : regions });
      const byPlace = (layout: Layout) =>
        painted(layout).regions.toSorted((a, b) => String(a.place).localeCompare(String(b.place)));
      assert.deepEqual(byPlace(read.layout), byPlace(gridded));
      assert.deepEqual(warnings, []);
    }),
    { numRuns: 500 },
  );
});

Deno.test("masks of the colours that there are there keep image, colours and prompts", () => {
  const indexes = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 2, maxLength: 4 })
    .map((list) => list.toSorted((a, b) => a - b));
  fc.assert(fc.property(indexes, word, fc.boolean(), (colours, base, hasBase) => {
    const prompt = colours.map((i) => `prompt ${i}`).join(" BREAK ");
    const settings = {
      mode: "MASK",
      maskAsset: ASSET,
      maskColours: hasBase ? colours : [0, ...colours.slice(1)],
    } as const;
    const first = understood(
      readRegionalPrompt({ prompt: hasBase ? `${base} ADDBASE ${prompt}` : prompt, ...settings }),
    );
    if (!hasBase && colours[1] === 0) return;
    const { input, warnings } = exportRegionalPrompt(first.layout);
    assert.deepEqual(warnings, []);
    assert.deepEqual(understood(readRegionalPrompt(input)).layout, first.layout);
  }));
});

Deno.test("the text is what people write", () => {
  const { input } = roundTrip({
    commonPrompt: "photo",
    basePrompt: "meadow",
    negativePrompt: "blur",
    grid: { direction: "COLUMNS", ratios: "1,2,1,1;2,4,6" },
    regions: ["a", "b", "c", "d", "e"].map((prompt, i) => ({ prompt, baseRatio: i < 3 ? 0.2 : 0.5 })),
  });
  assert.deepEqual(input, {
    prompt: "photo ADDCOMM\nmeadow ADDBASE\na\nADDCOL b\nADDCOL c\nADDROW d\nADDCOL e",
    negativePrompt: "blur",
    mode: "COLUMNS",
    ratios: "1,2,1,1;2,4,6",
    baseRatios: "0.2,0.2,0.2;0.5,0.5",
  });
});

const warned = (spec: LayoutSpec) =>
  exportRegionalPrompt(resolveOrThrow(spec)).warnings.map(({ code, path }) => [code, path.slice(1).join(".")]);
const halves = { direction: "COLUMNS", ratios: "1,1" } as const;

Deno.test("what cannot be said is told at its place", () => {
  assert.deepEqual(
    warned({
      aspect: 1.5,
      grid: halves,
      regions: [
        { prompt: "a", feather: 0.1, start: 0.2, guidanceScale: 3, seed: 1, weight: 2 },
        { name: "fox", prompt: "salt AND pepper BREAK b ADDROW" },
      ],
    }),
    [
      ["SETTING_LEFT_OUT", "aspect"],
      ["SETTING_LEFT_OUT", "regions"],
      ...["feather", "start", "guidanceScale", "seed", "weight"].map((
        field,
      ) => ["SETTING_LEFT_OUT", `regions.0.${field}`]),
      ...["AND", "BREAK", "ADDROW"].map(() => ["KEYWORD_CHANGED", "regions.1.prompt"]),
    ],
  );
  assert.deepEqual(
    warned({ grid: halves, basePrompt: "s", regions: [{ prompt: "a" }, { prompt: "b", enabled: false }] }),
    [
      ["SETTING_LEFT_OUT", "regions.1.enabled"],
      ["CELL_FILLED", "grid"],
    ],
  );
  const ellipse = { ellipse: { cx: 0.5, cy: 0.5, rx: 0.5, ry: 0.5 } };
  assert.deepEqual(
    warned({ regions: [{ prompt: "a", geometry: ellipse }, { prompt: "b", geometry: { rest: true } }] }),
    [
      ["GEOMETRY_LEFT_OUT", "regions.0.geometry"],
      ["GEOMETRY_LEFT_OUT", "regions.1.geometry"],
    ],
  );
});

Deno.test("masks of other colours, or of two images, are not those of that tool", () => {
  const mask = (asset: string, colour: string, i: number) => ({
    prompt: `${i}`,
    geometry: { mask: { asset, colour } },
  });
  const two = [mask(ASSET, maskColour(0), 0), mask("cd".repeat(32), maskColour(1), 1)];
  assert.deepEqual(warned({ basePrompt: "s", regions: two }).map(([code]) => code), [
    "GEOMETRY_LEFT_OUT",
    "GEOMETRY_LEFT_OUT",
  ]);
  assert.equal(warned({ basePrompt: "s", regions: [mask(ASSET, "#123456", 0)] }).length, 1);
});

Deno.test("brackets of a prompt without syntax are escaped, and no word is lost", () => {
  const { input } = roundTrip({
    promptSyntax: "PLAIN",
    grid: halves,
    regions: [{ prompt: "a (fox) [x] \\" }, { prompt: "b" }],
  });
  assert.equal(input.prompt, "a \\(fox\\) \\[x\\] \\\\\nADDCOL b");
});

Deno.test("a layout without regions is a plain prompt", () => {
  const { input, read } = roundTrip({ commonPrompt: "photo", basePrompt: "fox", negativePrompt: "blur" });
  assert.deepEqual(input, { prompt: "photo, fox", negativePrompt: "blur" });
  assert.equal(read.layout.basePrompt, "photo, fox");
});

Deno.test("LoRAs of regions stand before their prompts, and whose they are there is told", () => {
  const { input, warnings, read } = roundTrip({
    grid: { direction: "COLUMNS", ratios: "1,1" },
    regions: [
      { name: "region 1", prompt: "fox", loras: [{ name: "ink", weight: 0.5 }] },
      { name: "region 2", prompt: "owl" },
    ],
  });
  assert.equal(input.prompt, "<lora:ink:0.5> fox\nADDCOL owl");
  assert.deepEqual(warnings.map(({ code, path }) => [code, ...path]), [
    ["SETTING_APPROXIMATED", "layout", "regions", 0],
  ]);
  assert.deepEqual(pictureLoras(read.layout).regions, [[{ name: "ink", weight: 0.5 }], []]);
});
