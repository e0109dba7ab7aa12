/** Contexts and weight maps, packed for the rewritten graph. */

import assert from "node:assert/strict";
import { SDXL } from "../../../compute/families/sdxl.ts";
import type { AddedInputs } from "../../../compute/model/added_inputs.ts";
import { plainConditioning, regionalConditioning, usesMap } from "../../../compute/pipeline/conditioning.ts";

const PLAIN: AddedInputs = { ofFamily: null, guidanceWidth: null, vaeFactor: 8 };

/** [tokens, 2] of one number. */
const context = (tokens: number, value: number) => ({
  dims: [tokens, 2],
  data: new Float32Array(tokens * 2).fill(value),
  pooled: { dims: [3], data: new Float32Array(3).fill(value) },
});

Deno.test("a plain picture has one context, no padding and full weight on every level", () => {
  const { contexts, mask, weights, added } = plainConditioning(context(3, 1), 3, 5, { levels: [0, 1], added: PLAIN });
  assert.deepEqual(contexts, { dims: [1, 1, 3, 2], data: new Float32Array(6).fill(1) });
  assert.deepEqual(mask, { dims: [1, 1, 1, 1, 3], data: new Float32Array(3) });
  assert.deepEqual(weights.get(0), { dims: [1, 1, 1, 15, 1], data: new Float32Array(15).fill(1) });
  assert.deepEqual(weights.get(1), { dims: [1, 1, 1, 6, 1], data: new Float32Array(6).fill(1) });
  assert.equal(added.size, 0);
});

Deno.test("shorter contexts are padded, and the padding is masked", () => {
  const maps = { count: 2, height: 1, width: 2, data: Float32Array.of(0.25, 1, 0.75, 0) };
  const { contexts, mask, weights } = regionalConditioning(
    [context(1, 5), context(3, 7)],
    maps,
    { levels: [0], added: PLAIN },
  );
  assert.deepEqual(contexts.dims, [1, 2, 3, 2]);
  assert.deepEqual([...contexts.data], [5, 5, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7]);
  assert.deepEqual([...mask.data], [0, -Infinity, -Infinity, 0, 0, 0]);
  assert.deepEqual([...weights.get(0)?.data ?? []], [0.25, 1, 0.75, 0]);
});

Deno.test("contexts without weight anywhere are left out, but the base prompt's pooled embedding stays", () => {
  const maps = { count: 3, height: 1, width: 2, data: Float32Array.of(0, 0, 1, 0, 0, 1) };
  const { contexts, added } = regionalConditioning(
    [context(4, 1), context(2, 2), context(2, 3)],
    maps,
    { levels: [0], added: { ...PLAIN, ofFamily: SDXL.addedInputs } },
  );
  assert.deepEqual(contexts.dims, [1, 2, 2, 2]);
  assert.deepEqual([...contexts.data], [2, 2, 2, 2, 3, 3, 3, 3]);
  assert.deepEqual([...added.get("text_embeds")?.data ?? []], [1, 1, 1]);
  assert.deepEqual([...added.get("time_ids")?.data ?? []], [8, 16, 0, 0, 8, 16]);
});

Deno.test("weights on deeper levels are averages over the cells that exist", () => {
  const maps = { count: 2, height: 1, width: 3, data: Float32Array.of(1, 0, 0, 0, 1, 1) };
  const { weights } = regionalConditioning([context(1, 1), context(1, 2)], maps, { levels: [1, 2], added: PLAIN });
  assert.deepEqual([...weights.keys()], [1, 2]);
  assert.deepEqual([...weights.get(1)?.data ?? []], [0.5, 0, 0.5, 1]);
});

Deno.test("guidance is embedded where the UNet asks for it, and needed there", () => {
  const target = { levels: [0], added: { ...PLAIN, guidanceWidth: 6 } };
  const embedding = plainConditioning(context(1, 1), 1, 1, target, { guidance: 5 }).added.get("timestep_cond");
  assert.deepEqual(embedding?.dims, [1, 6]);
  assert.notDeepEqual(
    embedding,
    plainConditioning(context(1, 1), 1, 1, target, { guidance: 6 }).added.get("timestep_cond"),
  );
  assert.throws(() => plainConditioning(context(1, 1), 1, 1, target), RangeError);
});

Deno.test("contexts and maps must pair up", () => {
  const maps = { count: 2, height: 1, width: 1, data: Float32Array.of(1, 0) };
  assert.throws(() => regionalConditioning([context(1, 1)], maps, { levels: [0], added: PLAIN }), RangeError);
  assert.throws(() => regionalConditioning([], { ...maps, count: 0 }, { levels: [0], added: PLAIN }), RangeError);
});

Deno.test("a map is used if any cell has weight", () => {
  const maps = { count: 2, height: 1, width: 2, data: Float32Array.of(1, 1 - 1e-6, 0, 1e-6) };
  assert.deepEqual([usesMap(maps, 0), usesMap(maps, 1)], [true, true]);
  assert.equal(usesMap({ ...maps, data: Float32Array.of(1, 1, 0, 0) }, 1), false);
});
