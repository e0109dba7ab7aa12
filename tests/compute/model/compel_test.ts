/** Compel's blends: shares worked out by hand, and states of a real encoder put together by hand. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { blend, blendedReadings } from "../../../compute/model/compel.ts";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";

const span = (text: string, weight = 1) => ({ text, weight });

Deno.test("a stretch at 0.5 is half gone, one at 0.25 three quarters, and the shares sum to 1", () => {
  const [a, b, c] = [span("a"), span("b", 0.5), span("c", 2)];
  assert.deepEqual(blendedReadings([a, c]), [{ part: [a, c], share: 1 }]);
  const [whole, without] = blendedReadings([a, b, c]);
  // tan(pi / 4) = 1: half of each.
  assert.deepEqual(whole?.part, [a, b, c]);
  assert.deepEqual(without?.part, [a, c]);
  assert(Math.abs((whole?.share ?? 0) - 0.5) < 1e-12 && Math.abs((without?.share ?? 0) - 0.5) < 1e-12);
  // tan(3 pi / 8) = 1 + sqrt 2; shares 1 : 1 : 1 + sqrt 2.
  const shares = blendedReadings([b, span("d", 0.25)]).map(({ share }) => share);
  const sum = 3 + Math.SQRT2;
  [1 / sum, 1 / sum, (1 + Math.SQRT2) / sum].forEach((share, i) => assert(Math.abs(share - (shares[i] ?? 0)) < 1e-12));
  // At 0 hardly anything is left of the prompt with the word.
  assert((blendedReadings([a, span("b", 0)])[0]?.share ?? 1) < 2e-5);
});

Deno.test("a blend is the sum of states times shares; where a shorter one ends, the empty prompt's goes on", () => {
  const tensor = (...values: number[]) => ({ dims: [values.length, 1], data: Float32Array.from(values) });
  assert.deepEqual(
    blend([tensor(1, 2, 3, 4), tensor(5, 6)], [0.25, 0.75], tensor(8, -8)).data,
    // 0.25 + 3.75, 0.5 + 4.5, 0.75 + 6, 1 - 6
    Float32Array.of(4, 5, 6.75, -5),
  );
});

for (const name of ["tiny-sd15", "tiny-sdxl"]) {
  Deno.test(`${name}: COMPEL and COMFY are what the encoder's own states come to`, async () => {
    const folder = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
    const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
    const model = new DiffusionModel(runtime, join(folder, name), name);
    const text = await model.textEncoder();
    const parts = (...spans: { text: string; weight: number }[]) => [spans];
    const states = async (...spans: { text: string; weight: number }[]) => (await text.encode(parts(...spans))).context;
    const z = await states(span("a "), span("red"), span(" fox, "), span("oil"));
    const z2 = await states(span("a "), span(" fox, "), span("oil"));
    const e = await states(span(""));
    const width = z.dims[1] ?? 0;
    const count = (text: string) => (model.tokenizers[0]?.tokenize(text).tokens ?? 0) * width;
    const redAt = width + count("a "); // behind BOS
    const oilAt = redAt + count("red") + count(" fox, ");
    const near = (a: Float32Array, b: Float32Array) => assert(maxDifference(a, b) < 1e-5, `${maxDifference(a, b)}`);

    const weighted = [span("a "), span("red", 0.5), span(" fox, "), span("oil", 1.4)];
    const toward = (base: Float32Array, at: number, length: number, weight: number) =>
      base.map((v, i) => at <= i && i < at + length ? (e.data[i] ?? 0) + weight * (v - (e.data[i] ?? 0)) : v);
    const comfy = toward(toward(z.data, redAt, count("red"), 0.5), oilAt, count("oil"), 1.4);
    near((await text.encode([weighted], "COMFY")).context.data, comfy);

    // Without "red", the oil stands further to the front.
    const without = toward(z2.data, oilAt - count("red"), count("oil"), 1.4);
    const compel = comfy.map((v, i) => 0.5 * v + 0.5 * (without[i] ?? 0));
    const encoded = await text.encode([weighted], "COMPEL");
    near(encoded.context.data, compel);
    assert.deepEqual(encoded.context.pooled, z.pooled);
    assert.equal(encoded.context.valueSigns, null);

    // Parts are blended one by one.
    const two = (await text.encode([weighted, [span("sky")]], "COMPEL")).context;
    near(two.data.subarray(0, compel.length), compel);
    near(two.data.subarray(compel.length), (await states(span("sky"))).data);
    assert.deepEqual((await text.encode([weighted, [span("sky")]], "COMPEL")).rows.map((rows) => rows.length), [
      ...encoded.rows.map(() => 2),
    ]);
    await model.release();
  });
}
