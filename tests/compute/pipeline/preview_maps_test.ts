/** Preview maps come with a model or are kept for the next start; none is used that was fitted to something else. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelConfig } from "../../../compute/model/config.ts";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { fitPreviewMap, PreviewMap } from "../../../compute/pipeline/preview.ts";
import { PREVIEW_MAP_FILE } from "../../../compute/model/model_stamps.ts";
import { type FittedModel, PreviewMaps } from "../../../compute/pipeline/preview_maps.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";

const MODELS = fileURLToPath(new URL("../../../models", import.meta.url));
const MAP = new PreviewMap([[1, 2, 3], [0.1, 1e-7, -3], [4, 5, 6], [7, 8, 9], [0, 0, 1 / 3]]);

function model(folder: string, fingerprint: string, channels = 4): FittedModel {
  const config = { folder, latents: { channels } } as ModelConfig;
  return { config, decoderFingerprint: () => fingerprint };
}

/** Runs with a folder for maps and one of a model. */
function withFolders(test: (kept: string, folder: string) => void): void {
  const kept = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    test(kept, folder);
  } finally {
    for (const path of [kept, folder]) Deno.removeSync(path, { recursive: true });
  }
}

function onlyFile(folder: string): string {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assert.equal(names.length, 1, names.join());
  return join(folder, names[0] ?? "");
}

Deno.test("a map that is kept is found again, exactly, by another process and under another name", () =>
  withFolders((kept, folder) => {
    const deep = join(kept, "made", "when needed");
    new PreviewMaps(deep).keep(model(folder, "a"), MAP);
    assert.deepEqual(new PreviewMaps(deep).find(model("/moved/elsewhere", "a"))?.coefficients, MAP.coefficients);
  }));

Deno.test("another decoder finds nothing, nor does one with other channels", () =>
  withFolders((kept, folder) => {
    const maps = new PreviewMaps(kept);
    maps.keep(model(folder, "a"), MAP);
    assert.equal(maps.find(model(folder, "b")), undefined);
    assert.equal(maps.find(model(folder, "a", 16)), undefined);
  }));

for (
  const [how, spoil] of [
    ["cut short", (text: string) => text.slice(0, 200)],
    ["empty", () => ""],
    ["changed in one digit", (text: string) => text.replace("1e-7", "2e-7")],
    ["not a map", () => "[]"],
    ["of another decoder, renamed", (text: string) => text.replace(/"fittedTo":"./, '"fittedTo":"x')],
  ] as const
) {
  Deno.test(`a file that is ${how} is as good as none, and is replaced`, () =>
    withFolders((kept, folder) => {
      const maps = new PreviewMaps(kept);
      maps.keep(model(folder, "a"), MAP);
      const file = onlyFile(kept);
      const text = Deno.readTextFileSync(file);
      const spoilt = spoil(text);
      assert.notEqual(spoilt, text);
      Deno.writeTextFileSync(file, spoilt);
      assert.equal(maps.find(model(folder, "a")), undefined);
      maps.keep(model(folder, "a"), MAP);
      assert.equal(Deno.readTextFileSync(onlyFile(kept)), text);
    }));
}

Deno.test("a model may bring its map; one of another decoder is passed over", () =>
  withFolders((kept, folder) => {
    const maps = new PreviewMaps(kept);
    maps.keep(model(folder, "a"), MAP);
    Deno.renameSync(onlyFile(kept), join(folder, PREVIEW_MAP_FILE));
    assert.ok(new PreviewMaps(null).find(model(folder, "a")));
    assert.equal(maps.find(model(folder, "b")), undefined);
    maps.keep(model(folder, "b"), MAP);
    assert.ok(maps.find(model(folder, "b")), "what was kept is used instead");
  }));

Deno.test("a folder that cannot be written to keeps nothing and breaks nothing", () =>
  withFolders((kept, folder) => {
    const file = join(kept, "a file, no folder");
    Deno.writeTextFileSync(file, "");
    const maps = new PreviewMaps(file);
    maps.keep(model(folder, "a"), MAP);
    assert.equal(maps.find(model(folder, "a")), undefined);
  }));

Deno.test("256 maps are kept, the latest ones", () =>
  withFolders((kept, folder) => {
    const maps = new PreviewMaps(kept);
    maps.keep(model(folder, "old"), MAP);
    Deno.utimeSync(onlyFile(kept), 1, 1);
    for (let i = 0; i < 256; i++) maps.keep(model(folder, `${i}`), MAP);
    assert.equal([...Deno.readDirSync(kept)].length, 256);
    assert.equal(maps.find(model(folder, "old")), undefined);
    assert.ok(maps.find(model(folder, "0")));
  }));

for (const name of ["beds-256", "beds-256-lcm"]) {
  Deno.test(`the map that ${name} brings is the one that fits its decoder`, async () => {
    const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
    const model = new DiffusionModel(runtime, join(MODELS, name), name);
    const own = new PreviewMaps(null).find(model);
    assert.ok(own, `it is of other weights: deno task preview-map models/${name}`);
    const fitted = await fitPreviewMap(await model.vaeDecoder(), 4);
    fitted.coefficients.flat().forEach((c, i) => assert.ok(Math.abs(c - (own.coefficients.flat()[i] ?? NaN)) < 1e-6));
    await model.release();
  });
}
