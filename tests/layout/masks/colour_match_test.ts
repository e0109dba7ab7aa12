/** Colours of masks with a tolerance: saturation and value may differ, the hue may not. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { colourMatch } from "../../../layout/masks/colour_match.ts";
import { imageMask } from "../../../layout/masks/mask_image.ts";

const level = fc.integer({ min: 0, max: 255 });
const colour = fc.tuple(level, level, level);
const hex = (channels: readonly number[]) => `#${channels.map((c) => c.toString(16).padStart(2, "0")).join("")}`;

Deno.test("without tolerance only the colour itself counts", () => {
  fc.assert(fc.property(colour, colour, (wanted, [r, g, b]) => {
    assert.equal(colourMatch(hex(wanted), 0)(...wanted), true);
    assert.equal(colourMatch(hex(wanted), 0)(r, g, b), hex(wanted) === hex([r, g, b]));
  }));
});

Deno.test("a colour is its own within any tolerance that rounding of 255ths to 256ths leaves, and more tolerance loses nothing", () => {
  const tolerance = fc.double({ min: 0.004, max: 0.25, noNaN: true });
  fc.assert(fc.property(colour, colour, tolerance, (wanted, [r, g, b], tolerance) => {
    assert.equal(colourMatch(hex(wanted), tolerance)(...wanted), true);
    if (colourMatch(hex(wanted), tolerance)(r, g, b)) {
      assert.equal(colourMatch(hex(wanted), 2 * tolerance)(r, g, b), true);
    }
  }));
});

Deno.test("saturation, value and hue: cases worked out by hand", () => {
  const matches = colourMatch("#804040", 0.01); // saturation and value 1/2, red
  assert.equal(matches(130, 65, 65), true); // value 130/255 = 0.5098
  assert.equal(matches(131, 65, 65), false); // 0.5137
  assert.equal(matches(128, 63, 63), true); // saturation 65/128 = 0.5078
  assert.equal(matches(128, 62, 62), false); // 0.5156
  assert.equal(matches(128, 66, 64), false); // hue: its green would be 66 of 64 to 128
  assert.equal(colourMatch("#808080", 0.01)(127, 127, 127), true); // 0.498 beside 0.5
  assert.equal(colourMatch("#808080", 0.01)(140, 140, 140), false);
});

Deno.test("masks are drawn with the tolerance", () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(129, 65, 65, 255, 65, 129, 129, 255) };
  const reading = { channel: "COLOUR", colour: "#804040", inverted: false } as const;
  assert.deepEqual(imageMask(image, { ...reading, tolerance: 0.01 }, 2, 1).bounds.right, 1);
  assert.deepEqual(imageMask(image, reading, 2, 1).bounds, { left: 0, top: 0, right: 0, bottom: 0 });
});
