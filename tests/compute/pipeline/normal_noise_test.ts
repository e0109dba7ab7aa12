/** Seeds give the noise that PyTorch gives. */

import assert from "node:assert/strict";
import { NormalNoise } from "../../../compute/pipeline/normal_noise.ts";
import { maxDifference, readReferenceJson, readSafetensors } from "../../../tools/parity/reference.ts";

const loops = new URL("../../embedded/oracle/beds-256/loops", import.meta.url);
const { cases } = readReferenceJson<{ readonly cases: readonly { readonly case: string }[] }>(
  new URL(`${loops}.json`),
);
const tensors = readSafetensors(new URL(`${loops}.safetensors`));

/** `LOOP_SEED` of training/beds/oracle.py: each loop has the next seed. */
const LOOP_SEED = 420;

for (const [i, { case: name }] of cases.entries()) {
  Deno.test(`seed ${LOOP_SEED + i} gives torch.randn's noise of ${name}`, () => {
    const expected = tensors.get(`${name}/noise`);
    assert(expected);
    const drawn = new NormalNoise(LOOP_SEED + i).draw(expected.data.length);
    const difference = maxDifference(drawn, expected.data);
    assert(difference <= 2e-6, `differs by ${difference}`);
  });
}

Deno.test("a seed decides every number, and draws go on where the last one ended", () => {
  const a = new NormalNoise(7), b = new NormalNoise(7), c = new NormalNoise(8);
  const first = a.draw(64);
  assert.deepEqual(first, b.draw(64));
  assert.notDeepEqual(first, c.draw(64));
  assert.notDeepEqual(a.draw(64), first);
});

Deno.test("the numbers are unit normal", () => {
  const values = new NormalNoise(1).draw(100_000);
  const mean = values.reduce((a, v) => a + v, 0) / values.length;
  const variance = values.reduce((a, v) => a + v * v, 0) / values.length - mean ** 2;
  assert(Math.abs(mean) < 0.02 && Math.abs(variance - 1) < 0.02, `mean ${mean}, variance ${variance}`);
});

Deno.test("fewer numbers than PyTorch's smallest block are refused", () => {
  assert.throws(() => new NormalNoise(0).draw(15), RangeError);
});
