/** What prompt syntax and region seeds do to pictures of the embedded model, 64 pixels in a few steps. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import type { GenerationRequest } from "../../../jobs/request.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import type { LayoutSpec } from "../../../layout/layout.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";

const folder = fileURLToPath(new URL("../../../models/beds-256", import.meta.url));
const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
const pipeline = new Pipeline(new DiffusionModel(runtime, folder, "beds-256"));

/** The previews of every step, and last the picture. */
async function paint(spec: LayoutSpec, more: Partial<GenerationRequest> = {}): Promise<readonly Uint8ClampedArray[]> {
  const resolution = resolveLayout(spec, { maxRegions: 8 });
  assert("layout" in resolution);
  const request: GenerationRequest = {
    model: "beds-256",
    layout: resolution.layout,
    savedLayout: null,
    width: 64,
    height: 64,
    steps: 4,
    sampler: "ddim",
    schedule: "model",
    guidanceScale: 3,
    guidanceStart: 0,
    guidanceEnd: 1,
    previews: "linear",
    seed: 11,
    mode: "attention",
    format: "PNG",
    ...more,
  };
  const pictures: Uint8ClampedArray[] = [];
  for await (const output of pipeline.generate(request)) {
    const { data } = output.type === "STEP" ? output.preview : output.image;
    pictures.push(Uint8ClampedArray.from(data));
  }
  return pictures;
}

const plain = (basePrompt: string, more: Partial<GenerationRequest> = {}) => paint({ basePrompt }, more);
const grid = { direction: "COLUMNS", ratios: "1,1" } as const;

Deno.test("a weight of 1 paints what plain text paints; 0 and 1.5 do not, nor do they paint the same", async () => {
  const [unweighted, one, none, more] = await Promise.all([
    plain("red background, a cat"),
    plain("(red:1) background, a cat"),
    plain("(red:0) background, a cat"),
    plain("(red:1.5) background, a cat"),
  ]);
  assert.deepEqual(one, unweighted);
  assert.deepEqual(await paint({ promptSyntax: "PLAIN", basePrompt: "red background, a cat" }), unweighted);
  assert.notDeepEqual(none.at(-1), unweighted.at(-1));
  assert.notDeepEqual(more.at(-1), unweighted.at(-1));
  assert.notDeepEqual(more.at(-1), none.at(-1));
  assert.notDeepEqual(
    (await paint({ promptSyntax: "PLAIN", basePrompt: "(red:1.5) background, a cat" })).at(-1),
    more.at(-1),
  );
});

Deno.test("a schedule paints its first prompt until the switch, and neither one's picture in the end", async () => {
  for (const mode of ["attention", "latent"] as const) {
    const scheduled = await plain("[red:blue:0.5] background", { mode });
    const red = await plain("red background", { mode }), blue = await plain("blue background", { mode });
    assert.deepEqual(scheduled.slice(0, 2), red.slice(0, 2));
    assert.notDeepEqual(scheduled[2], red[2]);
    assert.notDeepEqual(scheduled.at(-1), red.at(-1));
    assert.notDeepEqual(scheduled.at(-1), blue.at(-1));
  }
});

Deno.test("regions and negatives may be scheduled, alternate and change their number of chunks on the way", async () => {
  const regions = (prompt: string, negativePrompt: string) => [{ prompt, negativePrompt }, { prompt: "forest" }];
  for (const mode of ["attention", "latent"] as const) {
    const changing = await paint(
      { basePrompt: "day", grid, regions: regions("[ocean:ocean BREAK snow:2]", "[blurry|blurry BREAK dark]") },
      { mode },
    );
    const still = await paint({ basePrompt: "day", grid, regions: regions("ocean", "blurry") }, { mode });
    assert.deepEqual(changing[0], still[0]);
    assert.notDeepEqual(changing[1], still[1], "the negative has changed");
    assert.equal(changing.length, 5);
  }
});

Deno.test("with a sampler that calls twice a step, both calls read the step's prompt", async () => {
  const heun = { sampler: "heun" };
  const scheduled = await plain("[red:blue:0.5] background", heun);
  const red = await plain("red background", heun);
  // Seven calls: two for each step but the last. Four of them make the first two steps.
  assert.deepEqual(scheduled.slice(0, 2), red.slice(0, 2));
  assert.notDeepEqual(scheduled.at(-1), red.at(-1));
});

Deno.test("a region that is not enabled has no say, whatever its prompt and seed", async () => {
  const withOther = (own: object) =>
    paint({ basePrompt: "sky", grid, regions: [{ prompt: "ocean" }, { prompt: "forest", enabled: false, ...own }] });
  assert.deepEqual(await withOther({ prompt: "[a|b] BREAK (c:2)", seed: 3 }), await withOther({}));
});

Deno.test("a region paints while its window of steps is open, the base before and after", async () => {
  const geometry = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  const wood = (window: object) => paint({ basePrompt: "sky", regions: [{ prompt: "forest", geometry, ...window }] });
  const base = await plain("sky"), always = await wood({});
  const late = await wood({ start: 0.5 }), early = await wood({ end: 0.5 });
  assert.deepEqual(late.slice(0, 2), base.slice(0, 2));
  assert.deepEqual(early.slice(0, 2), always.slice(0, 2));
  for (const step of [2, 3]) {
    assert.notDeepEqual(late[step], base[step]);
    assert.notDeepEqual(early[step], always[step]);
  }
});

/** A sea and a wood side by side, the wood with a seed of its own. */
const woodSeed = (seed: number | null) => ({ grid, regions: [{ prompt: "ocean" }, { prompt: "forest", seed }] });

Deno.test("a region's new seed repaints its own half far more than the other", async () => {
  const size = 256; // what the model learnt from; in smaller pictures halves depend on each other more
  let sea = 0, wood = 0;
  for (const seed of [11, 1]) {
    const more = { width: size, height: size, steps: 6, seed };
    const before = (await paint(woodSeed(null), more)).at(-1), after = (await paint(woodSeed(12), more)).at(-1);
    assert(before && after);
    before.forEach((v, i) => {
      const change = Math.abs(v - (after[i] ?? NaN));
      if (Math.floor(i / 3) % size < size / 2) sea += change;
      else wood += change;
    });
  }
  assert(wood > 3 * sea, `the sea changes by ${sea}, the wood by ${wood}`);
});

Deno.test("samplers that draw noise on the way take the region's; the generation's own seed changes nothing", async () => {
  const more = { sampler: "euler-ancestral", guidanceScale: 1 };
  const none = await paint(woodSeed(null), more);
  assert.deepEqual(await paint(woodSeed(11), more), none);
  assert.notDeepEqual((await paint(woodSeed(12), more)).at(-1), none.at(-1));
});

Deno.test("each emphasis paints weights in its own way, and the same picture where all weights are 1", async () => {
  for (const mode of ["attention", "latent"] as const) {
    const pictures = new Map<string, Uint8ClampedArray | undefined>();
    for (const emphasis of ["NO_NORM", "A1111", "COMFY", "COMPEL"] as const) {
      const picture = async (prompt: string) =>
        (await paint({ emphasis, grid, regions: [{ prompt }, { prompt: "forest" }] }, { mode, steps: 2 })).at(-1);
      pictures.set(emphasis, await picture("(red:1.5) background, (a cat:0.5)"));
      pictures.set(`plain ${emphasis}`, await picture("red background, a cat"));
      if (emphasis === "COMPEL") continue;
      pictures.set(`negative ${emphasis}`, await picture("red background, (a cat:-1)"));
    }
    const plain = pictures.get("plain NO_NORM");
    for (const emphasis of ["A1111", "COMFY", "COMPEL"]) {
      assert.deepEqual(pictures.get(`plain ${emphasis}`), plain, emphasis);
      pictures.delete(`plain ${emphasis}`);
    }
    // |-1| leaves the state and so its mean: there is nothing for A1111 to restore.
    assert.deepEqual(pictures.get("negative A1111"), pictures.get("negative NO_NORM"));
    pictures.delete("negative A1111");
    const different = new Set([...pictures.values()].map((picture) => picture?.join()));
    assert.equal(different.size, pictures.size, [...pictures.keys()].join());
  }
});

Deno.test.afterAll(() => pipeline.model.release());
