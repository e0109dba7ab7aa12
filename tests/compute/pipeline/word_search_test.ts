// deno-lint-ignore-file no-non-null-assertion
/** Regions found by words, painted by the embedded model at 64 pixels: what a search changes, and what it does not. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { LoraLibrary } from "../../../compute/lora/lora_library.ts";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { Pipeline } from "../../../compute/pipeline/generate.ts";
import { NormalNoise } from "../../../compute/pipeline/normal_noise.ts";
import { PreviewMaps } from "../../../compute/pipeline/preview_maps.ts";
import type { PictureRequest } from "../../../compute/pipeline/request.ts";
import type { FoundMask } from "../../../compute/pipeline/word_search.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import type { GeometrySpec, LayoutSpec, RegionSpec } from "../../../layout/layout.ts";
import type { MaskImages } from "../../../layout/masks/mask_image.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";

const folder = fileURLToPath(new URL("../../../models/beds-256", import.meta.url));
const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
const library = new LoraLibrary(fileURLToPath(new URL("../../../loras", import.meta.url)));
const pipeline = new Pipeline(new DiffusionModel(runtime, folder, "beds-256"), new PreviewMaps(null), library);
pipeline.model.parts.spare = Infinity; // variants stay loaded: what is painted does not change with it

/** Words are found after 2 of 6 steps. */
const STEPS = 6, FOUND_AFTER = 2;

interface Painted {
  /** The previews of every step, and last the picture. */
  readonly pictures: readonly Uint8Array[];
  /** The step with which masks came, and they. */
  readonly found: readonly (readonly [step: number, masks: readonly FoundMask[]])[];
}

async function paint(spec: LayoutSpec, more: Partial<PictureRequest> = {}, images?: MaskImages): Promise<Painted> {
  const resolution = resolveLayout(spec, { maxRegions: 8 });
  assert("layout" in resolution);
  const pictures: Uint8Array[] = [], found: (readonly [number, readonly FoundMask[]])[] = [];
  const outputs = pipeline.generate(
    {
      model: "beds-256",
      layout: resolution.layout,
      width: 64,
      height: 64,
      steps: STEPS,
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
    },
    images,
  );
  for await (const output of outputs) {
    pictures.push((output.type === "STEP" ? output.preview : output.image).data);
    if (output.type === "STEP" && output.regionMasks !== null) found.push([output.step, output.regionMasks]);
  }
  return { pictures, found };
}

const basePrompt = "a cat and an apple, white background";
const byWords: RegionSpec = { name: "pet", prompt: "a red square", geometry: { words: { of: "cat" } } };

for (const mode of ["attention", "latent"] as const) {
  Deno.test(`in ${mode} mode the base paints alone until words are found, and then as with a painted mask`, async () => {
    const { pictures, found } = await paint({ basePrompt, regions: [byWords] }, { mode });
    const [[step, [mask, ...others]]] = found as [[number, readonly FoundMask[]]];
    assert.equal(found.length, 1);
    assert.equal(step, FOUND_AFTER);
    assert.deepEqual([mask?.region, mask?.words, others], ["pet", "cat", []]);
    const { width, height, data } = mask!.image;
    const covered = data.filter((v, i) => i % 4 === 0 && v === 255).length;
    assert.deepEqual([width, height], [8, 8]);
    assert(covered > 0 && covered < 64, `${covered} of 64 cells`);

    const plain = await paint({ basePrompt }, { mode });
    assert.deepEqual(pictures.slice(0, FOUND_AFTER), plain.pictures.slice(0, FOUND_AFTER));
    assert.notDeepEqual(pictures.at(-1), plain.pictures.at(-1));

    // The mask that was found, painted from the step on from which it is known, is the same layout.
    const asset = "f".repeat(64), start = FOUND_AFTER / STEPS;
    const painted = { ...byWords, geometry: { mask: { asset } }, start };
    const again = await paint({ basePrompt, regions: [painted] }, { mode }, new Map([[asset, mask!.image]]));
    assert.deepEqual(again.pictures, pictures);
    assert.deepEqual(again.found, []);
  });
}

Deno.test("the same request finds the same masks, also beside regions that paint from the beginning", async () => {
  const rest = { prompt: "a tree", geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } } };
  const lower = { ...byWords, name: "wide", geometry: { words: { of: "cat", threshold: 0.1 } } };
  const layout: LayoutSpec = { basePrompt, overlap: "Z_ORDER", regions: [rest, lower, byWords] };
  const [one, two] = [await paint(layout), await paint(layout)];
  assert.deepEqual(two, one);
  const [[, masks]] = one.found as [[number, readonly FoundMask[]]];
  const cells = masks.map(({ image }) => image.data.filter((v, i) => i % 4 === 0 && v === 255).length);
  assert.equal(cells.length, 2);
  assert(cells[0]! > cells[1]!, `a lower threshold covers more: ${cells}`);
  // The other region had its say before: the cat is looked for in another picture.
  const alone = await paint({ ...layout, regions: [lower, byWords] });
  assert.notDeepEqual(alone.pictures[0], one.pictures[0]);
});

Deno.test("a sampler that calls twice a step finds words within its third, and says so with a step", async () => {
  const { found } = await paint({ basePrompt, regions: [byWords] }, { sampler: "heun", steps: 4 });
  assert.deepEqual(found.map(([step]) => step), [2]);
});

/** Pixels to start from. */
const photo = Uint8Array.from(new NormalNoise(3).draw(64 * 64 * 4), (v) => 128 + 50 * v);
for (let i = 3; i < photo.length; i += 4) photo[i] = 255;

Deno.test("from a picture on, words are found in the first third of the steps that are taken, in the mode of the call", async () => {
  const start: MaskImages = new Map([["photo", { width: 64, height: 64, data: photo }]]);
  // Calls 2 to 5 are made; call 3 looks for words, in latent mode.
  const more: Partial<PictureRequest> = { init: { image: "photo", strength: 0.67, mask: null }, modeUntil: 0.5 };
  const { pictures, found } = await paint({ basePrompt, regions: [byWords] }, more, start);
  const [[step, [mask]]] = found as [[number, readonly FoundMask[]]];
  assert.deepEqual([pictures.length, step], [4 + 1, 2]);
  const covered = mask!.image.data.filter((v, i) => i % 4 === 0 && v === 255).length;
  assert(covered > 0 && covered < 64, `${covered} of 64 cells`);

  const asset = "f".repeat(64);
  const painted = { ...byWords, geometry: { mask: { asset } }, start: 4 / STEPS };
  const again = await paint({ basePrompt, regions: [painted] }, more, new Map([...start, [asset, mask!.image]]));
  assert.deepEqual(again.pictures, pictures);
});

Deno.test("LoRAs hold while words are looked for, and after", async () => {
  const loras = [{ name: "dusk", weight: 1 }];
  const { pictures, found } = await paint({ basePrompt, regions: [byWords] }, { loras });
  const plain = await paint({ basePrompt }, { loras });
  assert.deepEqual(pictures.slice(0, FOUND_AFTER), plain.pictures.slice(0, FOUND_AFTER));
  assert.notDeepEqual(pictures[0], (await paint({ basePrompt })).pictures[0]);

  const [[, [mask]]] = found as [[number, readonly FoundMask[]]];
  const asset = "f".repeat(64);
  const painted = { ...byWords, geometry: { mask: { asset } }, start: FOUND_AFTER / STEPS };
  const again = await paint({ basePrompt, regions: [painted] }, { loras }, new Map([[asset, mask!.image]]));
  assert.deepEqual(again.pictures, pictures);
});

Deno.test("a region's own LoRA is not that of the picture in which its words are found", async () => {
  const loras = [{ name: "dusk", weight: 1 }];
  const { pictures, found } = await paint({ basePrompt, regions: [{ ...byWords, loras }] });
  const without = await paint({ basePrompt, regions: [byWords] });
  assert.deepEqual(found, without.found);
  assert.deepEqual(pictures.slice(0, FOUND_AFTER), without.pictures.slice(0, FOUND_AFTER));
  assert.notDeepEqual(pictures[FOUND_AFTER], without.pictures[FOUND_AFTER]);

  const [[, [mask]]] = found as [[number, readonly FoundMask[]]];
  const asset = "f".repeat(64);
  const painted = { ...byWords, loras, geometry: { mask: { asset } }, start: FOUND_AFTER / STEPS };
  const again = await paint({ basePrompt, regions: [painted] }, {}, new Map([[asset, mask!.image]]));
  assert.deepEqual(again.pictures, pictures);
});

Deno.test("what the first pass found is a mask of the second, from its first step on", async () => {
  const secondPass = { scale: 2, upscale: "pixel", strength: 0.5, steps: 4 } as const;
  // Found within a union, of which the rest is known.
  const corner = { rectangle: { x: 0, y: 0, width: 0.25, height: 0.25 } };
  const union = (part: GeometrySpec): RegionSpec => ({ ...byWords, geometry: { union: [corner, part] } });
  const layout: LayoutSpec = { basePrompt, regions: [union({ words: { of: "cat" } })] };
  const { pictures, found } = await paint(layout, { secondPass });
  const alone = await paint(layout);
  assert.deepEqual(pictures.slice(0, STEPS), alone.pictures.slice(0, STEPS));
  assert.deepEqual(found, alone.found);

  const [[, [mask]]] = found as [[number, readonly FoundMask[]]];
  const asset = "f".repeat(64), rgb = alone.pictures.at(-1)!;
  const first = Uint8Array.from(
    { length: 64 * 64 * 4 },
    (_, i) => i % 4 === 3 ? 255 : rgb[Math.floor(i / 4) * 3 + i % 4]!,
  );
  const again = await paint(
    { basePrompt, regions: [union({ mask: { asset } })] },
    { width: 128, height: 128, steps: 4, init: { image: "first", strength: 0.5, mask: null } },
    new Map([["first", { width: 64, height: 64, data: first }], [asset, mask!.image]]),
  );
  assert.deepEqual(pictures.slice(STEPS), again.pictures);
});

for (const mode of ["attention", "latent"] as const) {
  Deno.test(`by windows, words are found over all of the picture, in ${mode} mode`, async () => {
    const more = { mode, width: 96, windows: { size: 64, overlap: 32 } };
    const { pictures, found } = await paint({ basePrompt, regions: [byWords] }, more);
    const [[step, [mask]]] = found as [[number, readonly FoundMask[]]];
    const { width, height, data } = mask!.image;
    assert.deepEqual([step, width, height], [FOUND_AFTER, 12, 8]);
    const covered = data.filter((v, i) => i % 4 === 0 && v === 255).length;
    assert(covered > 0 && covered < 96, `${covered} of 96 cells`);
    const plain = await paint({ basePrompt }, more);
    assert.deepEqual(pictures.slice(0, FOUND_AFTER), plain.pictures.slice(0, FOUND_AFTER));
    const asset = "f".repeat(64);
    const painted = { ...byWords, geometry: { mask: { asset } }, start: FOUND_AFTER / STEPS };
    const again = await paint({ basePrompt, regions: [painted] }, more, new Map([[asset, mask!.image]]));
    assert.deepEqual(again.pictures, pictures);
    // A window as large as the picture is the picture.
    const one = { mode, windows: { size: 64, overlap: 32 } };
    assert.deepEqual(
      await paint({ basePrompt, regions: [byWords] }, one),
      await paint({ basePrompt, regions: [byWords] }, { mode }),
    );
  });
}
