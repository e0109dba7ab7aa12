// deno-lint-ignore-file no-non-null-assertion
/** Resizing: properties that any good resampling has, and numbers worked out by other means. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Pixels, pixels } from "../../image/pixels.ts";
import { fitWithin, resize, scaleToEdge } from "../../image/resize.ts";
import { anyPicture, draw, invalid, photo } from "./pictures.ts";

const edge = fc.integer({ min: 1, max: 40 });
const runs = { numRuns: 200 };

function mirror({ width, height, channels, data }: Pixels): Pixels {
  return draw(width, height, channels, (x, y) => {
    const start = (y * width + (width - 1 - x)) * channels;
    return [...data.subarray(start, start + channels)];
  });
}

function turn({ width, height, channels, data }: Pixels): Pixels {
  return draw(height, width, channels, (x, y) => {
    const start = (x * width + y) * channels;
    return [...data.subarray(start, start + channels)];
  });
}

function mean({ data, channels }: Pixels, channel: number): number {
  const values = data.filter((_, i) => i % channels === channel);
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** The area mean by brute force: every target pixel integrates the covered part of every source pixel. */
function areaMean(source: Pixels, width: number, height: number): Pixels {
  const overlap = (i: number, to: number, j: number, from: number) =>
    Math.max(0, Math.min((i + 1) / to, (j + 1) / from) - Math.max(i / to, j / from)) * to;
  return draw(width, height, 3, (x, y) => {
    const sum = [0, 0, 0];
    for (let v = 0; v < source.height; v++) {
      for (let u = 0; u < source.width; u++) {
        const share = overlap(x, width, u, source.width) * overlap(y, height, v, source.height);
        for (let c = 0; c < 3; c++) sum[c] = sum[c]! + share * source.data[(v * source.width + u) * 3 + c]!;
      }
    }
    return sum.map(Math.round);
  });
}

Deno.test("A picture of one colour keeps it at every size", () => {
  const colour = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(
      colour,
      fc.constantFrom<3 | 4>(3, 4),
      edge,
      edge,
      edge,
      edge,
      (colour, channels, w, h, width, height) => {
        const resized = resize(draw(w, h, channels, () => colour), width, height);
        assert.deepEqual(resized, draw(width, height, channels, () => colour));
      },
    ),
    runs,
  );
});

Deno.test("The same size is the same picture", () => {
  fc.assert(fc.property(anyPicture(12), (source) => assert.equal(resize(source, source.width, source.height), source)));
});

Deno.test("Mirroring before or after gives the same bytes", () => {
  fc.assert(
    fc.property(anyPicture(12), edge, edge, (source, width, height) => {
      assert.deepEqual(resize(mirror(source), width, height), mirror(resize(source, width, height)));
    }),
    runs,
  );
});

Deno.test("Columns are treated as rows are", () => {
  fc.assert(
    fc.property(anyPicture(12), edge, (source, width) => {
      assert.deepEqual(resize(turn(source), source.height, width), turn(resize(source, width, source.height)));
    }),
    runs,
  );
});

Deno.test("Shrinking equals the brute-force area mean", () => {
  const shrink = anyPicture(20, fc.constant(3)).chain((source) =>
    fc.tuple(fc.constant(source), fc.integer({ min: 1, max: source.width }), fc.integer({ min: 1, max: source.height }))
  );
  fc.assert(
    fc.property(shrink, ([source, width, height]) => {
      const expected = areaMean(source, width, height).data;
      // Exact halves may round either way in the brute force, whose shares are not exact.
      for (const [i, value] of resize(source, width, height).data.entries()) {
        assert.ok(Math.abs(value - expected[i]!) <= 1, `byte ${i}: ${value}, expected ${expected[i]}`);
      }
    }),
    runs,
  );
});

Deno.test("Shrinking to one pixel gives the mean colour", () => {
  const source = photo(37, 23);
  const expected = [0, 1, 2].map((c) => Math.floor(mean(source, c) + 0.5));
  assert.deepEqual([...resize(source, 1, 1).data], expected);
});

Deno.test("Enlarging keeps the mean of a photo within half a level", () => {
  const source = photo(32, 32), enlarged = resize(source, 256, 256);
  for (let c = 0; c < 3; c++) {
    assert.ok(Math.abs(mean(enlarged, c) - mean(source, c)) < 0.5, `channel ${c}`);
  }
});

Deno.test("Enlarging then shrinking by the same whole factor comes back close", () => {
  const source = photo(32, 32), back = resize(resize(source, 256, 256), 32, 32);
  const error = back.data.reduce((sum, value, i) => sum + Math.abs(value - source.data[i]!), 0) / back.data.length;
  assert.ok(error < 4, `mean error ${error}`);
});

Deno.test("Enlarging a linear ramp is linear inside: the interpolation is of second order", () => {
  const ramp = resize(draw(16, 1, 3, (x) => [16 * x, 16 * x, 16 * x]), 128, 1);
  for (let x = 16; x < 112; x++) {
    const expected = 16 * ((x + 0.5) / 8 - 0.5);
    assert.ok(Math.abs(ramp.data[x * 3]! - expected) <= 0.51, `x ${x}: ${ramp.data[x * 3]}, expected ${expected}`);
  }
});

Deno.test("Enlarging a hard edge makes no halo: values rise from one side's to the other's and never beyond", () => {
  const step = resize(draw(16, 1, 3, (x) => x < 8 ? [60, 60, 60] : [200, 200, 200]), 128, 1);
  const row = step.data.filter((_, i) => i % 3 === 0);
  assert.deepEqual([row[0], row[127]], [60, 200]);
  for (let x = 1; x < 128; x++) assert.ok(row[x]! >= row[x - 1]!, `falls at ${x}`);
});

Deno.test("Enlarged values stay within the picture's range", () => {
  fc.assert(
    fc.property(anyPicture(8, fc.constant(3)), (source) => {
      const enlarged = resize(source, 33, 29).data;
      assert.ok(Math.min(...enlarged) >= Math.min(...source.data));
      assert.ok(Math.max(...enlarged) <= Math.max(...source.data));
    }),
  );
});

Deno.test("Colours hidden by alpha do not bleed", () => {
  const source = pixels(2, 1, 4, Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 0));
  assert.deepEqual([...resize(source, 1, 1).data], [255, 0, 0, 128]);
  for (const [i, value] of resize(source, 16, 1).data.entries()) {
    if (i % 4 === 1) assert.equal(value, 0, "green was invisible");
  }
});

Deno.test("An opaque picture resizes the same with and without alpha", () => {
  fc.assert(
    fc.property(anyPicture(10, fc.constant(3)), edge, edge, (source, width, height) => {
      const at = (x: number, y: number) => (y * source.width + x) * 3;
      const opaque = draw(
        source.width,
        source.height,
        4,
        (x, y) => [...source.data.subarray(at(x, y), at(x, y) + 3), 255],
      );
      const colours = resize(opaque, width, height).data.filter((_, i) => i % 4 !== 3);
      assert.deepEqual(colours, resize(source, width, height).data);
    }),
  );
});

Deno.test("fitWithin shrinks to the longest edge, keeps the ratio and never enlarges", () => {
  const size = (p: Pixels) => [p.width, p.height];
  assert.deepEqual(size(fitWithin(photo(96, 64), 48)), [48, 32]);
  assert.deepEqual(size(fitWithin(photo(64, 96), 48)), [32, 48]);
  assert.deepEqual(size(fitWithin(photo(300, 1), 30)), [30, 1], "an edge is at least one pixel");
  const small = photo(32, 24);
  assert.equal(fitWithin(small, 32), small);
  assert.equal(fitWithin(small, 256), small);
});

Deno.test("scaleToEdge enlarges as well", () => {
  const size = (p: Pixels) => [p.width, p.height];
  assert.deepEqual(size(scaleToEdge(photo(32, 24), 256)), [256, 192]);
  assert.deepEqual(size(scaleToEdge(photo(24, 32), 256)), [192, 256]);
  assert.deepEqual(size(scaleToEdge(photo(512, 512), 256)), [256, 256]);
});

Deno.test("Edges out of range are refused", () => {
  const source = photo(4, 4);
  for (const edge of [0, -1, 1.5, Infinity, 16_384]) {
    assert.throws(() => fitWithin(source, edge), invalid("OUT_OF_RANGE", "maxEdge"), `${edge}`);
    assert.throws(() => scaleToEdge(source, edge), invalid("OUT_OF_RANGE", "edge"), `${edge}`);
  }
  assert.throws(() => fitWithin(source, NaN), invalid("NOT_A_NUMBER", "maxEdge"));
  assert.throws(() => scaleToEdge(source, NaN), invalid("NOT_A_NUMBER", "edge"));
  assert.throws(() => scaleToEdge(source, 16_000), invalid("INVALID_SIZE", "pixels"));
  assert.throws(() => resize(source, 0, 4), invalid("OUT_OF_RANGE", "pixels", "width"));
});
