/** Sizes that requests leave open. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { pictureSize } from "../../requests/picture_size.ts";

const MODEL = { nativeSize: 512, sizeMultiple: 8 };

Deno.test("without an aspect an open edge is the native size", () => {
  assert.deepEqual(pictureSize({}, null, MODEL), { width: 512, height: 512 });
  assert.deepEqual(pictureSize({ width: 640 }, null, MODEL), { width: 640, height: 512 });
  assert.deepEqual(pictureSize({ height: 100 }, null, MODEL), { width: 512, height: 100 });
});

Deno.test("with an aspect and no edge the area stays near the native square's", () => {
  assert.deepEqual(pictureSize({}, 1, MODEL), { width: 512, height: 512 });
  assert.deepEqual(pictureSize({ width: null, height: null }, 16 / 9, MODEL), { width: 680, height: 384 });
  assert.deepEqual(pictureSize({}, 9 / 16, MODEL), { width: 384, height: 680 });
  assert.deepEqual(pictureSize({}, 4, MODEL), { width: 1024, height: 256 });
});

Deno.test("one edge gives the other, rounded to the nearest multiple and at least one", () => {
  assert.deepEqual(pictureSize({ width: 768 }, 1.5, MODEL), { width: 768, height: 512 });
  assert.deepEqual(pictureSize({ height: 512 }, 1.5, MODEL), { width: 768, height: 512 });
  assert.deepEqual(pictureSize({ height: 300 }, 16 / 9, MODEL), { width: 536, height: 300 }); // 533.3
  assert.deepEqual(pictureSize({ width: 64 }, 32, MODEL), { width: 64, height: 8 }); // 2
});

Deno.test("both edges are taken as they are, whatever the aspect", () => {
  assert.deepEqual(pictureSize({ width: 1000, height: 3 }, 2, MODEL), { width: 1000, height: 3 });
});

Deno.test("open edges are multiples, no multiple comes nearer to the exact edge, and turning the aspect turns the size", () => {
  const model = fc.record({ nativeSize: fc.integer({ min: 64, max: 2048 }), sizeMultiple: fc.constantFrom(8, 16, 64) });
  fc.assert(fc.property(fc.double({ min: 1 / 32, max: 32, noNaN: true }), model, (aspect, model) => {
    const { width, height } = pictureSize({}, aspect, model);
    for (
      const [edge, exact] of [[width, model.nativeSize * Math.sqrt(aspect)], [
        height,
        model.nativeSize / Math.sqrt(aspect),
      ]] as const
    ) {
      assert.equal(edge % model.sizeMultiple, 0);
      assert.ok(edge >= model.sizeMultiple);
      if (edge > model.sizeMultiple) assert.ok(Math.abs(edge - exact) <= model.sizeMultiple / 2 + 1e-6);
    }
  }));
});
