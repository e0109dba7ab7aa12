// deno-lint-ignore-file no-non-null-assertion
/** The places where Regional Prompter goes wrong or leaves open what happens, one by one. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { ModelCatalog } from "../../../../compute/model/catalog.ts";
import { PromptTokenizer } from "../../../../compute/model/tokenizer.ts";
import type { RegionalConditioning } from "../../../../compute/model/regional_feeds.ts";
import { regionalConditioning } from "../../../../compute/pipeline/conditioning.ts";
import { denoise, type Denoiser } from "../../../../compute/pipeline/denoise.ts";
import { DEFAULT_LIMITS } from "../../../../requests/limits.ts";
import { resolveRequest } from "../../../../requests/resolve_request.ts";
import { gridCells } from "../../../../layout/masks/grid.ts";
import { weightMapLevels } from "../../../../layout/weights/levels.ts";
import { parsePrompt } from "../../../../layout/prompt/parse.ts";
import { promptAt } from "../../../../layout/prompt/schedule.ts";
import { layoutPrompts } from "../../../../layout/prompts.ts";
import { compileWeightMaps } from "../../../../layout/weights/weight_maps.ts";
import { codes, read, refused } from "../adapting.ts";

const MODELS = fileURLToPath(new URL("../../../fixtures/models", import.meta.url));
const tokenizer = () => PromptTokenizer.load(join(MODELS, "tiny-sd15", "tokenizer"), 77);

/** As many tokens as asked: single letters with spaces between. */
const letters = (count: number) => new Array(count).fill("q").join(" ");

/** A prompt of `count` regions. */
const prompts = (count: number) => Array.from({ length: count }, (_, i) => `p${i}`).join(" BREAK ");

Deno.test("edge case 1: float drift: the last boundary is exactly 1, and boundaries meet", () => {
  const check = (ratios: readonly (string | number)[]) => {
    const { layout } = read(prompts(ratios.length), { ratios: ratios.join(",") });
    const cells = gridCells(layout.grid!);
    assert.equal(cells[0]!.x, 0);
    assert.equal(cells.at(-1)!.right, 1);
    cells.slice(1).forEach((cell, i) => assert.equal(cell.x, cells[i]!.right));
  };
  for (const n of [6, 7, 10, 13, 14, 15, 19]) for (const ratio of ["1", "0.1"]) check(new Array(n).fill(ratio));
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 20 }), check));
});

Deno.test("edge case 2: truncation per level: every region keeps its share on every level, and none gets nothing", () => {
  const shares = (ratios: string) => {
    const { layout } = read("a BREAK b BREAK c", { ratios });
    const maps = compileWeightMaps(layout, { width: 512, height: 512, factor: 8 });
    return weightMapLevels(maps, 4).map(({ count, width, height, data }) => {
      assert.equal(width, height);
      const cells = width * height;
      return Array.from(
        { length: count - 1 },
        (_, r) => data.subarray((r + 1) * cells, (r + 2) * cells).reduce((sum, w) => sum + w, 0) / cells,
      );
    });
  };
  const expected: [ratios: string, shares: number[]][] = [["1,1,1", [1 / 3, 1 / 3, 1 / 3]], ["1,10,1", [
    1 / 12,
    10 / 12,
    1 / 12,
  ]]];
  for (const [ratios, share] of expected) {
    const levels = shares(ratios);
    assert.equal(levels.length, 4);
    for (const level of levels) level.forEach((s, r) => assert(Math.abs(s - share[r]!) < 1e-6, `${ratios}: ${s}`));
  }
});

Deno.test("edge case 3: downsampling takes the ceiling: 65 -> 33 -> 17 -> 9", () => {
  const { layout } = read("a BREAK b", { ratios: "1,1" });
  const maps = compileWeightMaps(layout, { width: 520, height: 512, factor: 8 });
  assert.deepEqual(weightMapLevels(maps, 4).map(({ width }) => width), [65, 33, 17, 9]);
  assert.deepEqual(weightMapLevels(maps, 4).map(({ height }) => height), [64, 32, 16, 8]);
});

Deno.test("edge case 4: sizes that are no multiple of 8 are refused, and the message says so", async () => {
  const { spec } = read("a BREAK b", { ratios: "1,1" });
  const resolution = await resolveRequest({ model: "tiny-sd15", layout: spec, width: 67, height: 64 }, {
    catalog: new ModelCatalog(MODELS),
    limits: DEFAULT_LIMITS,
    masks: { imagesOf: () => Promise.resolve(new Map()), find: () => Promise.resolve(null) },
    randomSeed: () => 1,
  });
  assert("problems" in resolution);
  const [problem] = resolution.problems;
  assert.equal(problem!.code, "INVALID_SIZE");
  assert.deepEqual(problem!.path, ["input", "width"]);
  assert.match(problem!.rule, /^must be a multiple of \d+ pixels$/);
});

Deno.test("edge case 5: more prompts than cells, and fewer where it fails, are problems", () => {
  assert.deepEqual(refused("a BREAK b BREAK c BREAK d", { ratios: "1,1" }), [
    "input.prompt: must have at most as many prompts as the ratios have cells, 2: one too many at position 16, got 4",
  ]);
  assert.deepEqual(refused("a ADDBASE b", { ratios: "1,1,1" }), [
    "input.prompt: must have a prompt for each of the 3 cells that the ratios make: the only one is at position 10, " +
    'got "b"',
  ]);
  assert.equal(refused("a BREAK b", { mode: "MASK", maskAsset: "0".repeat(64), maskColours: [0, 1, 2] }).length, 1);
  assert.equal(refused("a BREAK b", { negativePrompt: "x BREAK y BREAK z" }).length, 1);
});

Deno.test("edge case 6: empty regions are regions, with an independent context each", () => {
  const { layout } = read("a BREAK BREAK c BREAK", { ratios: "1,1,1,1" });
  assert.deepEqual(layout.regions.map(({ prompt }) => prompt), ["a", "", "c", ""]);
  for (const prompt of layoutPrompts(layout).positive) assert.equal(tokenizer().tokenize(prompt).rows.length, 1);
});

Deno.test("edge case 7: exactly 75 tokens are one chunk, also as the last of several", () => {
  for (const [count, chunks] of [[75, 1], [76, 2], [150, 2], [151, 3]] as const) {
    const { layout } = read(`${letters(count)} BREAK b`, { ratios: "1,1" });
    const rows = layoutPrompts(layout).positive.map((prompt) => tokenizer().tokenize(prompt).rows.length);
    assert.deepEqual(rows, [1, chunks, 1]);
  }
});

/** [tokens, 2] of one number. */
const context = (tokens: number, value: number) => ({
  dims: [tokens, 2],
  data: new Float32Array(tokens * 2).fill(value),
});

Deno.test("edge case 8: uneven chunks: each polarity has its own contexts, and padding is masked out of the softmax", () => {
  const maps = { count: 3, height: 1, width: 2, data: Float32Array.of(0, 0, 1, 0, 0, 1) };
  const target = { levels: [0], added: { ofFamily: null, guidanceWidth: null, vaeFactor: 8 } };
  const positive = regionalConditioning([context(77, 1), context(77, 2), context(154, 3)], maps, target);
  const negative = regionalConditioning([context(77, 4), context(77, 5), context(77, 6)], maps, target);
  assert.deepEqual(positive.contexts.dims, [1, 2, 154, 2]);
  assert.deepEqual(negative.contexts.dims, [1, 2, 77, 2]);
  const mask = [...positive.mask.data];
  assert.deepEqual(mask.slice(0, 154), [...new Array(77).fill(0), ...new Array(77).fill(-Infinity)]);
  assert.deepEqual(mask.slice(154), new Array(154).fill(0));
});

Deno.test("edge case 9: scheduled prompts change their number of chunks on the way, region by region", () => {
  const { layout } = read(`[fox:${letters(80)}:0.5] BREAK sea`, { ratios: "1,1" });
  const chunks = (step: number) =>
    layout.regions.map(({ prompt }) =>
      promptAt(parsePrompt(prompt, layout.promptSyntax), step, 20)
        .reduce((sum, spans) => sum + tokenizer().tokenizeSpans(spans).rows.length, 0)
    );
  assert.deepEqual([chunks(0), chunks(9), chunks(10), chunks(19)], [[1, 1], [1, 1], [2, 1], [2, 1]]);
});

Deno.test("edge case 10: keywords are whole words in upper case: GRAND, BREAKFAST and `and` are text", () => {
  const { layout, warnings } = read("GRAND piano, BREAKFAST, OUTBREAK and ADDCOLS, BRANDY BREAK xADDROW, DEMAND", {
    ratios: "1,1",
  });
  assert.deepEqual(layout.regions.map(({ prompt }) => prompt), [
    "GRAND piano, BREAKFAST, OUTBREAK and ADDCOLS, BRANDY",
    "xADDROW, DEMAND",
  ]);
  assert.deepEqual(warnings, []);
});

Deno.test("edge case 11: uncovered pixels are the base's, overlaps are shared: weights sum to 1 everywhere", () => {
  const asset = "cd".repeat(32);
  const { layout } = read("s ADDBASE a BREAK b", { mode: "MASK", maskAsset: asset });
  const overlapping = {
    ...layout,
    regions: [...layout.regions, {
      ...layout.regions[0]!,
      name: "over",
      geometry: { kind: "RECTANGLE", x: 0, y: 0, width: 0.5, height: 1 } as const,
    }],
  };
  const pixels = [[0x80, 0x40, 0x40], [0x40, 0x80, 0x80], [255, 255, 255], [255, 255, 255]];
  const data = Uint8Array.from(pixels.flatMap((rgb) => [...rgb, 255]));
  const images = new Map([[asset, { width: 4, height: 1, data }]]);
  const maps = compileWeightMaps(overlapping, { width: 4, height: 1, factor: 1 }, { images });
  const cell = (i: number) => Array.from({ length: 4 }, (_, r) => Number(maps.data[r * 4 + i]!.toFixed(6)));
  assert.deepEqual([cell(0), cell(1), cell(2), cell(3)], [
    [0.2, 0.4, 0, 0.4],
    [0.2, 0, 0.4, 0.4],
    [1, 0, 0, 0],
    [1, 0, 0, 0],
  ]);
});

Deno.test("edge case 12: base is a second attention with its share, common is text in front of every prompt", () => {
  const base = read("a girl ADDBASE red hair ADDCOL green dress", { ratios: "1,1", baseRatios: "0.2" }).layout;
  const common = read("a girl ADDCOMM red hair ADDCOL green dress", { ratios: "1,1" }).layout;
  assert.deepEqual(layoutPrompts(base).positive, ["a girl", "red hair", "green dress"]);
  assert.deepEqual(layoutPrompts(common).positive, ["a girl", "a girl, red hair", "a girl, green dress"]);
  const share = (layout: typeof base) => compileWeightMaps(layout, { width: 2, height: 1, factor: 1 }).data[0]!;
  assert(Math.abs(share(base) - 0.2) < 1e-7);
  assert.equal(share(common), 0);
});

Deno.test("edge case 13: skipped unconditional steps: polarity is known, not counted from calls", async () => {
  const calls: number[] = [];
  const unet: Denoiser = {
    cost: () => [],
    levels: [0],
    added: { ofFamily: null, guidanceWidth: null, vaeFactor: 8 },
    predict: (sample, _timestep, { contexts }: RegionalConditioning) => {
      calls.push(contexts.data[0]!);
      return Promise.resolve(sample);
    },
  };
  const steps = denoise({
    unet,
    sampler: {
      timesteps: [4, 3, 2, 1],
      initNoiseSigma: 1,
      memory: {},
      scaleInput: (sample) => sample,
      step: (_output, _i, sample) => ({ sample, predOriginal: sample }),
      addNoise: (clean) => clean,
    },
    start: { dims: [1, 1, 1, 1], data: Float32Array.of(0) },
    mode: "attention",
    begin: 0,
    cond: [context(1, 1)],
    uncond: [context(1, -1)],
    mapsAt: () => null,
    guidanceScales: [2],
    guidedCalls: { first: 1, end: 3 },
  });
  for await (const _step of steps) { /* only the calls matter */ }
  assert.deepEqual(calls, [1, 1, -1, 1, -1, 1]);
});

Deno.test("edge case 14: random layouts have a seed: equal seeds mean equal layouts, others others, none is a problem", () => {
  const random = (seed: number) => read("a BREAK b BREAK c", { mode: "RANDOM", ratios: "4,4", seed }).spec;
  assert.deepEqual(random(7), random(7));
  assert.notDeepEqual(random(7), random(8));
  assert.match(refused("a BREAK b", { mode: "RANDOM", ratios: "4,4" })[0]!, /^input.seed: must be set/);
  assert.deepEqual(codes(read("a BREAK b", { ratios: "1,1", seed: 7 })), ["OPTION_UNUSED"]);
});
