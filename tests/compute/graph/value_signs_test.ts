/** Words of negative weight: their values turned, their keys not, in both forms and one layer worked out by itself. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { regionalConditioning } from "../../../compute/pipeline/conditioning.ts";
import type { PromptContext } from "../../../compute/model/text_conditioner.ts";
import type { UnetOptions } from "../../../compute/model/unet.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import type { Tensor } from "../../../compute/tensor.ts";
import { ParityModels } from "../../../tools/parity/models.ts";
import { maxDifference, readSafetensors } from "../../../tools/parity/reference.ts";
import { weightMaps } from "../../../tools/parity/steps.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures", import.meta.url));
const models = new ParityModels(
  createWasmRuntime({ threads: 1, reason: "tests run on WASM" }),
  join(FIXTURES, "models"),
);
const tensors = readSafetensors(join(FIXTURES, "oracle", "tiny-sd15", "isolation.safetensors"));
const get = (key: string): Tensor => tensors.get(key) ?? assert.fail(`no ${key}`);

/** Some tokens of each context, in other places. */
const signed = (contexts: readonly PromptContext[]): PromptContext[] =>
  contexts.map((context, r) => ({
    ...context,
    valueSigns: Float32Array.from({ length: context.dims[0] ?? 0 }, (_, t) => t % 5 === r ? -1 : 1),
  }));

/** [N, out] = x [N, in] times w^T, w [out, in]. */
function project(x: Float64Array, w: Tensor): Float64Array {
  const [out = 0, width = 0] = w.dims;
  return Float64Array.from({ length: x.length / width * out }, (_, i) => {
    const row = x.subarray(Math.floor(i / out) * width, (Math.floor(i / out) + 1) * width);
    const column = w.data.subarray(i % out * width, (i % out + 1) * width);
    return row.reduce((sum, v, k) => sum + v * (column[k] ?? NaN), 0);
  });
}

/** The layer of `docs/regional-attention.md`, in float64, with signs on the values. */
function layer(x: Tensor, contexts: readonly PromptContext[], maps: Tensor, heads: number): Float64Array {
  const q = project(Float64Array.from(x.data), get("to_q"));
  const width = get("to_q").dims[0] ?? 0, d = width / heads, tokens = q.length / width;
  const head = (rows: Float64Array, row: number, h: number) =>
    rows.subarray(row * width + h * d, row * width + (h + 1) * d);
  const fused = new Float64Array(q.length);
  contexts.forEach((context, r) => {
    const c = Float64Array.from(context.data);
    const k = project(c, get("to_k")), v = project(c, get("to_v"));
    for (let n = 0; n < tokens; n++) {
      for (let h = 0; h < heads; h++) {
        const query = head(q, n, h), sum = head(fused, n, h);
        const exp = Array.from({ length: context.dims[0] ?? 0 }, (_, t) => {
          const key = head(k, t, h);
          return Math.exp(query.reduce((dot, a, j) => dot + a * (key[j] ?? NaN), 0) / Math.sqrt(d));
        });
        const all = exp.reduce((a, b) => a + b);
        exp.forEach((e, t) => {
          const share = e / all * (context.valueSigns?.[t] ?? 1) * (maps.data[r * tokens + n] ?? NaN);
          head(v, t, h).forEach((value, j) => sum[j] = (sum[j] ?? NaN) + share * value);
        });
      }
    }
  });
  return project(fused, get("to_out"));
}

const contexts = ["context.0", "context.1", "context.2"].map((key): PromptContext => get(key));

async function run(given: readonly PromptContext[], options: UnetOptions = {}) {
  let output = "";
  const unet = await models.openUnet("tiny-sd15", {
    ...options,
    alsoOutput: (rewrite) => [output = rewrite.layers[0]?.outputProjection.output[0] ?? ""],
  });
  const conditioning = regionalConditioning(given, weightMaps(get("maps")), unet);
  const outputs = await unet.run(get("sample"), get("timestep").data[0] ?? 0, conditioning);
  await unet.release();
  return { y: outputs.get(output)?.data ?? assert.fail(), out: outputs.get("out_sample")?.data ?? assert.fail() };
}

Deno.test("one layer with negative words is the layer worked out by itself", async () => {
  for (const given of [contexts, signed(contexts)]) {
    const { y } = await run(given);
    const expected = layer(get("x"), given, get("layer_maps"), 2);
    const difference = maxDifference(y, expected);
    assert(difference < 1e-4, `differs by ${difference}`);
  }
});

Deno.test("both forms, hoisted or not, give the same with negative words, and another picture than without", async () => {
  const given = signed(contexts);
  const reference = await run(given);
  for (const form of ["dense", "gathered"] as const) {
    for (const keysAndValues of ["inline", "hoisted"] as const) {
      const { out } = await run(given, { form, keysAndValues });
      assert(maxDifference(out, reference.out) < 1e-5);
    }
  }
  assert(maxDifference((await run(contexts)).out, reference.out) > 1e-2);
});

Deno.test("signs of 1 leave every bit as it is without them", async () => {
  const ones = contexts.map((context) => ({ ...context, valueSigns: new Float32Array(context.dims[0] ?? 0).fill(1) }));
  assert.deepEqual((await run(ones)).out, (await run(contexts)).out);
});
