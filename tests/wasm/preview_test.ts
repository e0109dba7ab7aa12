/** Previews by the kernel, against the twin. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { PreviewMap } from "../../compute/pipeline/preview.ts";
import { previewBytes } from "../../wasm/preview.ts";

const number = fc.double({ min: -3, max: 3, noNaN: true });

Deno.test("previews are the twin's in every byte", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 16 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(number, { minLength: 17 * 3, maxLength: 17 * 3 }),
      fc.array(fc.oneof(number, fc.constantFrom(Infinity, -Infinity, NaN, 1e30)), { minLength: 40, maxLength: 40 }),
      (channels, height, width, weights, values) => {
        const map = new PreviewMap(
          Array.from({ length: channels + 1 }, (_, c) => weights.slice(c * 3, c * 3 + 3).map((w) => w / channels)),
        );
        const latents = Float32Array.from(
          { length: channels * height * width },
          (_, i) => (values[(i * 7) % values.length] ?? 0) + i / 1000,
        );
        assert.deepEqual(map.render(latents, height, width), map.renderExactly(latents, height, width));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("halves round to even, and what overshoots is black or white", () => {
  // 0.5 / 255 and 1.5 / 255 of the way from black to white.
  const latents = Float32Array.of(-9, -1, 0, 1, 9);
  assert.deepEqual([...previewBytes(latents, Float64Array.of(1, 0, 0, 0, 1 / 255, -1 / 255), 5) ?? []], [
    ...[0, 128, 127],
    ...[0, 128, 127],
    ...[128, 128, 127],
    ...[255, 128, 127],
    ...[255, 128, 127],
  ]);
});
