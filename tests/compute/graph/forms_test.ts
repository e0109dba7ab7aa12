/** Both forms of regional attention, on random layouts, sizes and prompts. */

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { regionalConditioning } from "../../../compute/pipeline/conditioning.ts";
import type { RegionalConditioning } from "../../../compute/model/regional_feeds.ts";
import type { Unet } from "../../../compute/model/unet.ts";
import type { PromptContext } from "../../../compute/model/text_conditioner.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";
import { fixtureModels } from "./fixture_graph.ts";

const models = fixtureModels();
const MODEL = "tiny-sd15";

/** A picture to predict: latent size, weight maps that sum to 1, and a context per map. */
interface Scene {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
  readonly contexts: readonly PromptContext[];
}

function wave(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * (0.3 + seed * 0.07)));
}

const scene = (width: number) =>
  fc.record({
    height: fc.integer({ min: 4, max: 18 }),
    width: fc.integer({ min: 4, max: 18 }),
    chunks: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 7 }),
    hard: fc.boolean(),
    seed: fc.integer({ min: 0, max: 1000 }),
  }).map(({ height, width: columns, chunks, hard, seed }): Scene => {
    const cells = height * columns;
    const count = chunks.length;
    const data = new Float32Array(count * cells);
    for (let i = 0; i < cells; i++) {
      const raw = chunks.map((_, r) => Math.max(0, Math.sin(seed + r * 2.1 + i * 0.05 * (r + 1)) + 0.3));
      const best = raw.indexOf(Math.max(...raw));
      const sum = raw.reduce((a, b) => a + b);
      raw.forEach((v, r) => data[r * cells + i] = hard || sum === 0 ? Number(r === best) : v / sum);
    }
    const contexts = chunks.map((n, r): PromptContext => ({
      dims: [77 * n, width],
      data: wave(77 * n * width, seed + r),
    }));
    return { height, width: columns, data, contexts };
  });

function condition(s: Scene, unet: Unet): RegionalConditioning {
  return regionalConditioning(
    s.contexts,
    { count: s.contexts.length, height: s.height, width: s.width, data: s.data },
    unet,
  );
}

async function predict(unet: Unet, s: Scene): Promise<Float32Array> {
  const sample = { dims: [1, 4, s.height, s.width], data: wave(4 * s.height * s.width, 3) };
  return (await unet.predict(sample, 481, condition(s, unet))).data;
}

Deno.test("the gathered form equals the dense form", async () => {
  const dense = await models.openUnet(MODEL, { form: "dense", keysAndValues: "inline" });
  const gathered = await models.openUnet(MODEL, { form: "gathered" });
  await fc.assert(
    fc.asyncProperty(scene(dense.contextWidth), async (s) => {
      const difference = maxDifference(await predict(dense, s), await predict(gathered, s));
      assert.ok(difference <= 1e-5, `differs by ${difference}`);
    }),
    { numRuns: 40 },
  );
  await dense.release();
  await gathered.release();
});

Deno.test("permuting regions changes nothing, and neither does a region without weight", async () => {
  const unet = await models.openUnet(MODEL);
  await fc.assert(
    fc.asyncProperty(scene(unet.contextWidth), async (s) => {
      const cells = s.height * s.width;
      const map = (r: number) => s.data.subarray(r * cells, (r + 1) * cells);
      const order = s.contexts.map((_, r) => r).reverse();
      const permuted: Scene = {
        ...s,
        contexts: order.flatMap((r) => s.contexts[r] ?? []),
        data: Float32Array.from(order.flatMap((r) => [...map(r)])),
      };
      const idle: PromptContext = { dims: [77, unet.contextWidth], data: wave(77 * unet.contextWidth, 99) };
      const withIdle: Scene = {
        ...s,
        contexts: [...s.contexts, idle],
        data: Float32Array.from([...s.data, ...new Array(cells).fill(0)]),
      };
      const out = await predict(unet, s);
      assert.ok(maxDifference(out, await predict(unet, permuted)) <= 1e-5);
      assert.deepEqual(await predict(unet, withIdle), out, "left out, and so equal in every bit");
    }),
    { numRuns: 20 },
  );
  await unet.release();
});

Deno.test("the gathered form computes only the rows that have weight", async () => {
  const unet = await models.openUnet(MODEL);
  const [height, width, count] = [16, 16, 4];
  const data = new Float32Array(count * height * width);
  for (let i = 0; i < height * width; i++) data[Math.floor((i % width) / 4) * height * width + i] = 1;
  const contexts = Array.from({ length: count }, (_, r): PromptContext => ({
    dims: [77, unet.contextWidth],
    data: wave(77 * unet.contextWidth, r),
  }));
  assert.deepEqual(unet.cost(condition({ height, width, data, contexts }, unet)), [
    { level: 0, computed: 256, dense: 1024 },
    { level: 1, computed: 64, dense: 256 },
    { level: 2, computed: 16, dense: 64 },
  ]);
  await unet.release();
});
