// deno-lint-ignore-file no-non-null-assertion
/** The picture of a layout: colours where the regions are, hatching where none is, labels that fit. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { inFont } from "../../../layout/picture/font.ts";
import type { LayoutSpec } from "../../../layout/layout.ts";
import { HATCH, HATCH_ERROR, PAPER, regionColour } from "../../../layout/picture/palette.ts";
import { hex, PALETTE } from "../../../layout/picture/palette.ts";
import { drawLayout } from "../../../layout/picture/picture.ts";
import { IMAGES, randomSpec, resolveOrThrow } from "../random_layout.ts";

function draw(spec: LayoutSpec, width: number, height: number) {
  const pixels = drawLayout(resolveOrThrow(spec), width, height, IMAGES);
  assert.equal(pixels.length, width * height * 4);
  const at = (x: number, y: number) => [...pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
  const has = (colour: readonly number[]) => {
    for (let i = 0; i < pixels.length; i += 4) if (colour.every((c, k) => pixels[i + k] === c)) return true;
    return false;
  };
  return { pixels, at, has };
}

const rectangle = (x: number, y: number, width: number, height: number) => ({
  geometry: { rectangle: { x, y, width, height } },
});

Deno.test("regions have their colours, and shared places the mixture", () => {
  const { at } = draw(
    { regions: [{ prompt: "a", ...rectangle(0, 0, 0.6, 1) }, { prompt: "b", ...rectangle(0.4, 0, 0.6, 1) }] },
    200,
    200,
  );
  assert.deepEqual(at(10, 10), [...PALETTE[0]!, 255]);
  assert.deepEqual(at(190, 10), [...PALETTE[1]!, 255]);
  const mixed = [0, 1, 2].map((c) => (PALETTE[0]![c]! + PALETTE[1]![c]!) / 2);
  at(100, 10).slice(0, 3).forEach((c, i) => assert(Math.abs(c - mixed[i]!) <= 1));
});

Deno.test("holes are hatched paper, red where they are an error, and gone under NEAREST", () => {
  const regions = [{ prompt: "a", ...rectangle(0, 0, 0.5, 1) }];
  const left = draw({ regions }, 200, 200), error = draw({ holes: "ERROR", regions }, 200, 200);
  assert(left.has(PAPER) && left.has(HATCH) && !left.has(HATCH_ERROR));
  assert(error.has(HATCH_ERROR) && !error.has(HATCH));
  assert.deepEqual(draw({ holes: "NEAREST", regions }, 200, 200).at(190, 10), [...PALETTE[0]!, 255]);
});

Deno.test("a region's border is darker than its fill, and its number darker still", () => {
  const { at } = draw({ regions: [{ prompt: "a", ...rectangle(0.1, 0.1, 0.8, 0.8) }] }, 200, 200);
  const light = ([r, g, b]: readonly number[]) => r! + g! + b!;
  assert(light(at(20, 60)) < light(PALETTE[0]!) - 100);
  const darkest = Math.min(...Array.from({ length: 60 }, (_, y) => light(at(100, 70 + y))));
  assert(darkest < light(at(20, 60)));
});

Deno.test("a name that fits is written below the number", () => {
  const pixelsOf = (name: string) =>
    draw({ regions: [{ name, prompt: "a", ...rectangle(0, 0, 1, 1) }] }, 200, 200).pixels;
  assert.notDeepEqual(pixelsOf("fox"), pixelsOf("owl"));
  assert.deepEqual(pixelsOf("キツネ"), pixelsOf("region 1"), "a name the font lacks is left out");
  assert.deepEqual(pixelsOf("fox ".repeat(30)), pixelsOf("region 1"), "a name that is too wide is left out");
});

Deno.test("the font writes capitals without accents, and says what it lacks", () => {
  assert.equal(inFont("château 2"), "CHATEAU 2");
  assert.equal(inFont("狐"), undefined);
  assert.equal(inFont("constructor"), "CONSTRUCTOR");
});

Deno.test("the first 24 fills are all different", () => {
  assert.equal(new Set(Array.from({ length: 24 }, (_, i) => hex(regionColour(i)))).size, 24);
});

Deno.test("any layout can be drawn at any size, opaque", () => {
  const side = fc.integer({ min: 1, max: 80 });
  fc.assert(
    fc.property(randomSpec, side, side, (spec, width, height) => {
      const { pixels } = draw(spec, width, height);
      for (let i = 3; i < pixels.length; i += 4) assert.equal(pixels[i], 255);
    }),
    { numRuns: 40 },
  );
});
