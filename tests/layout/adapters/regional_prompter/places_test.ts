// deno-lint-ignore-file no-non-null-assertion
/** Regional Prompter's Mask and Random: which colour is whose, and that a seed means one layout. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { SeenMask } from "../../../../layout/adapters/regional_prompter/input.ts";
import {
  MASK_COLOURS,
  maskColour,
  maskColoursIn,
  maskHue,
} from "../../../../layout/adapters/regional_prompter/mask_colours.ts";
import type { MaskImage } from "../../../../layout/masks/mask_image.ts";
import { compileWeightMaps } from "../../../../layout/weights/weight_maps.ts";
import { codes, read, refused, type Understood } from "../adapting.ts";

const ASSET = "ab".repeat(32);
const mask = { mode: "MASK", maskAsset: ASSET } as const;

Deno.test("mask hues: 0, 180, 90, 270, 45, 135, 225, 315, 22.5 degrees, all different", () => {
  assert.deepEqual(Array.from({ length: 9 }, (_, i) => maskHue(i) * 360), [0, 180, 90, 270, 45, 135, 225, 315, 22.5]);
  assert.equal(new Set(Array.from({ length: MASK_COLOURS }, (_, i) => maskHue(i))).size, MASK_COLOURS);
});

Deno.test("mask colours: #804040 is the first, #408080 the second; the next as Python's colorsys has them", () => {
  const colours = "#804040 #408080 #608040 #604080 #807040 #408050 #405080 #804070 #805840 #788040 #488040 #408068";
  assert.deepEqual(Array.from({ length: 12 }, (_, i) => maskColour(i)), colours.split(" "));
});

/** HSV to RGB by its six sectors. */
function sectors(hue: number): string {
  const sector = Math.floor(hue * 6), f = hue * 6 - sector;
  const [v, p, q, t] = [0.5, 0.25, 0.5 * (1 - 0.5 * f), 0.5 * (1 - 0.5 * (1 - f))];
  const rgb = [[v, t, p], [q, v, p], [p, v, t], [p, q, v], [t, p, v], [v, p, q]][sector]!;
  return `#${rgb.map((c) => Math.floor(c * 256).toString(16).padStart(2, "0")).join("")}`;
}

Deno.test("every mask colour is HSV(hue, 0.5, 0.5)", () => {
  for (let i = 0; i < MASK_COLOURS; i++) assert.equal(maskColour(i), sectors(maskHue(i)));
});

/** An image of one row, of the given colours. */
function image(...colours: string[]): MaskImage {
  const data = colours.flatMap((c) => [1, 3, 5].map((at) => parseInt(c.slice(at, at + 2), 16)).concat(255));
  return { width: colours.length, height: 1, data: Uint8Array.from(data) };
}

/** The weights of base and regions in each cell of a picture one cell high, one per pixel of the image. */
function weights({ layout }: Understood, picture: MaskImage): number[][] {
  const images = new Map([[ASSET, picture]]);
  const { count, width, data } = compileWeightMaps(layout, { width: picture.width, height: 1, factor: 1 }, { images });
  return Array.from({ length: count }, (_, r) => [...data.subarray(r * width, (r + 1) * width)]);
}

Deno.test("mask: prompts bind to colours in the order of their indexes", () => {
  const { layout } = read("s ADDBASE a BREAK b BREAK c", mask);
  assert.deepEqual(
    layout.regions.map(({ geometry }) => geometry.kind === "MASK" ? [geometry.channel, geometry.colour] : null),
    [["COLOUR", "#804040"], ["COLOUR", "#408080"], ["COLOUR", "#608040"]],
  );
});

Deno.test("mask: without a base, uncoloured and foreign pixels join the first region", () => {
  const result = read("a BREAK b BREAK c", mask);
  const picture = image("#804040", "#408080", "#608040", "#ffffff", "#123456");
  assert.deepEqual(weights(result, picture), [[0, 0, 0, 0, 0], [1, 0, 0, 1, 1], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0]]);
});

Deno.test("mask: with a base, uncoloured pixels are the base's alone, and the others have their share of it", () => {
  const result = read("s ADDBASE a BREAK b", { ...mask, baseRatios: "0.25,0.5" });
  const picture = image("#804040", "#408080", "#ffffff");
  assert.deepEqual(weights(result, picture), [[0.25, 0.5, 1], [0.75, 0, 0], [0, 0.5, 0]]);
});

/** Every colour of 255ths that Python's colorsys takes to one of the first twelve, as that tool asks it to. */
const COLORSYS = [23, 15, 16, 16, 15, 15, 15, 15, 15, 15, 15, 15];

Deno.test("mask: a colour counts with the tolerance that there is for uploads", () => {
  const counts = new Array<number>(360).fill(0);
  for (let red = 50; red < 140; red++) {
    for (let green = 50; green < 140; green++) {
      for (let blue = 50; blue < 140; blue++) {
        const [index] = maskColoursIn({ width: 1, height: 1, data: Uint8Array.of(red, green, blue, 255) });
        if (index !== undefined) counts[index]!++;
      }
    }
  }
  assert.deepEqual(counts.slice(0, 12), COLORSYS);
  assert(counts.every((count) => count < 24));
});

Deno.test("mask: colours one off the nominal ones split the canvas in halves", () => {
  const picture = image("#814141", "#418181");
  assert.deepEqual(maskColoursIn(picture), [0, 1]);
  assert.deepEqual(weights(read("a BREAK b", mask), picture), [[0, 0], [1, 0], [0, 1]]);
  const off = image("#844040", "#408484"); // a value of 0.518
  assert.deepEqual(maskColoursIn(off), []);
});

Deno.test("mask: prompts bind to the colours that are in the image, if there is one for each", () => {
  const seen = { indexes: [2, 7], colours: ["#608040", maskColour(7)] };
  const { layout, warnings } = read("s ADDBASE a BREAK b", { ...mask, maskImage: seen });
  const colours = layout.regions.map(({ geometry }) => geometry.kind === "MASK" ? geometry.colour : null);
  assert.deepEqual(colours, [maskColour(2), maskColour(7)]);
  assert.deepEqual(warnings, []);
});

Deno.test("mask: colours that are missing, or are no region's, and an image that is not there, are told", () => {
  const warned = (maskImage: SeenMask | null) =>
    read("a BREAK b", { ...mask, maskImage }).warnings.map((
      { code, path, message },
    ) => [code, path.join("."), message]);
  assert.deepEqual(warned({ indexes: [], colours: ["#ffffff", "#000000"] }), [[
    "MASK_COLOUR_MISSING",
    "input.maskAsset",
    "none of the regions' colours is in the image, which lacks #804040 (0), #408080 (1); the colours found are: #ffffff, #000000",
  ]]);
  const some = warned({ indexes: [1, 3, 5], colours: null });
  assert.deepEqual(some.map(([code]) => code), ["MASK_COLOUR_MISSING", "MASK_COLOUR_UNUSED"]);
  assert.match(some[0]![2]!, /^not all regions' colours .* more than 64$/);
  assert.deepEqual(warned(null).map(([code]) => code), ["MASK_NOT_SEEN"]);
});

Deno.test("mask: colours that the image has may be named, one for each region", () => {
  const { layout } = read("s ADDBASE a BREAK b", { ...mask, maskColours: [7, 2] });
  const colours = layout.regions.map(({ geometry }) => geometry.kind === "MASK" ? geometry.colour : null);
  assert.deepEqual(colours, [maskColour(2), maskColour(7)]);
  assert.deepEqual(refused("a BREAK b", { ...mask, maskColours: [0] }), [
    "input.maskColours: must have one colour for each of the 2 regions' prompts, got 1",
  ]);
  assert.deepEqual(refused("a BREAK b", { ...mask, maskColours: [0, 360] }), [
    "input.maskColours[1]: must be a whole number from 0 to 359, got 360",
  ]);
  assert.match(refused("a BREAK b", { ...mask, maskColours: [3, 3] })[0]!, /must have another colour than 3/);
});

Deno.test("mask: needs an image; ratios and ADDCOL say nothing there, and that is said", () => {
  assert.deepEqual(refused("a BREAK b", { mode: "MASK" }), [
    "input.maskAsset: must name the mask's image in mode MASK, got undefined",
  ]);
  assert.deepEqual(codes(read("a ADDCOL b", { ...mask, ratios: "1,2" })), ["OPTION_UNUSED", "SEPARATOR_AS_BREAK"]);
  assert.deepEqual(codes(read("a BREAK b", { maskAsset: ASSET, seed: 1 })), ["OPTION_UNUSED", "OPTION_UNUSED"]);
});

const random = fc.record({
  rows: fc.integer({ min: 1, max: 12 }),
  columns: fc.integer({ min: 1, max: 12 }),
  regions: fc.integer({ min: 2, max: 5 }),
  seed: fc.nat(0xffffffff),
});

Deno.test("random: every cell belongs to exactly one region, whatever the grid, and a seed means one layout", () => {
  fc.assert(fc.property(random, ({ rows, columns, regions, seed }) => {
    const prompt = Array.from({ length: regions }, (_, i) => `p${i}`).join(" BREAK ");
    const settings = { mode: "RANDOM", ratios: `${rows},${columns}`, seed } as const;
    const result = read(prompt, settings);
    assert.deepEqual(result, read(prompt, settings));
    const { count, data } = compileWeightMaps(result.layout, { width: columns * 4, height: rows * 4, factor: 4 });
    const cells = rows * columns;
    for (let i = 0; i < cells; i++) {
      const own = Array.from({ length: count }, (_, r) => data[r * cells + i]!);
      assert.equal(own[0], 0);
      assert.deepEqual(own.filter((w) => w !== 0), [1]);
    }
  }));
});

Deno.test("random: 32 x 32 cells of two regions resolve, and both have about half of them", () => {
  const { layout } = read("a BREAK b", { mode: "RANDOM", ratios: "32,32", seed: 9 });
  const { data } = compileWeightMaps(layout, { width: 128, height: 128, factor: 4 });
  const share = data.subarray(1024, 2048).reduce((sum, w) => sum + w, 0) / 1024;
  assert(share > 0.45 && share < 0.55, `${share}`);
});

Deno.test("random: mulberry32 as published: seed 1 draws 2693262067, 11749833, 2265367787, 4213581821, ...", () => {
  // Its cells of two regions are whether a draw is in the upper half: 1, 0, 1, 1, 1, 0, 1, 1.
  const { layout } = read("a BREAK b", { mode: "RANDOM", ratios: "1,8", seed: 1 });
  const [a, b] = layout.regions.map(({ geometry }) =>
    geometry.kind === "UNION" ? geometry.of.map((shape) => shape.kind === "CELL" ? shape.cell : null) : null
  );
  assert.deepEqual([a, b], [[1, 5], [0, 2, 3, 4, 6, 7]]);
});

Deno.test("random: a region without a cell is left out, the others keep their names, and base ratios repeat the first", () => {
  const settings = { mode: "RANDOM", ratios: "1,2,9", seed: 1, baseRatios: "0.1,0.4" } as const;
  const result = read("s ADDBASE a BREAK b BREAK c BREAK d", settings);
  const left = result.layout.regions;
  assert(left.length <= 2);
  const missing = 4 - left.length;
  assert.deepEqual(codes(result), ["RATIO_DROPPED", ...Array(missing).fill("NO_CELL")]);
  for (const { name, baseRatio } of left) assert.equal(baseRatio, name === "region 2" ? 0.4 : 0.1);
});

Deno.test("random: needs rows, columns and a seed", () => {
  const rule = "input.ratios: must be two whole numbers, rows and columns";
  assert.deepEqual(refused("a BREAK b", { mode: "RANDOM", ratios: "3", seed: 1 }), [
    `${rule}: the second is missing at position 1, got "3"`,
  ]);
  assert.deepEqual(refused("a BREAK b", { mode: "RANDOM", ratios: "3,2.5", seed: 1 }), [
    `${rule}: number that is not from 1 to 32 at position 2, got "3,2.5"`,
  ]);
  assert.match(refused("a BREAK b", { mode: "RANDOM", ratios: "3;2", seed: 1 })[0]!, /separated by ";"/);
  assert.equal(read("a BREAK b", { mode: "RANDOM", ratios: "3;2", flip: true, seed: 1 }).layout.regions.length, 2);
  assert.match(refused("a BREAK b", { mode: "RANDOM", ratios: "3,2" })[0]!, /^input.seed: must be set in mode RANDOM/);
});
