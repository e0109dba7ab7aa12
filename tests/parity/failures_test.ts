/** What cannot be compared is a failed line with the reason, and never the end of the run. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { type CaseResult, judgedOnWebgpu, passes, TOLERANCE } from "../../tools/parity/case.ts";
import { checkFolder } from "../../tools/parity/folder.ts";
import { maxDifference } from "../../tools/parity/reference.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));
const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });

/** A folder with links to the named parts of the fixtures, prepared by `prepare`. */
async function check(
  parts: readonly string[],
  prepare: (dir: string) => Promise<void>,
  names: readonly string[] = [],
): Promise<readonly CaseResult[]> {
  const dir = await Deno.makeTempDir();
  try {
    for (const part of parts) {
      await Deno.mkdir(join(dir, part, ".."), { recursive: true });
      await Deno.symlink(join(FIXTURES, part), join(dir, part));
    }
    await prepare(dir);
    return await Array.fromAsync(checkFolder(dir, names, runtime));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const nothing = () => Promise.resolve();

function assertFailed(results: readonly CaseResult[], name: RegExp, reason: RegExp): void {
  const found = results.find((result) => name.test(result.name));
  assert(found, `no line for ${name}`);
  assert(!passes(found));
  assert.match(String(found.error), reason);
}

Deno.test("a folder without reference runs", async () => {
  assertFailed(await check([], nothing), /./, /no reference runs/);
});

Deno.test("a name that is not there", async () => {
  assertFailed(await check([], nothing, ["nowhere"]), /^nowhere$/, /no reference runs/);
});

Deno.test("a missing model folder", async () => {
  const results = await check(["oracle/tiny-turbo"], nothing);
  assertFailed(results, /^tiny-turbo\/text$/, /model_index\.json": the file is missing/);
  assertFailed(results, /^tiny-turbo\/steps\/plain$/, /model_index\.json": the file is missing/);
  assertFailed(results, /^tiny-turbo\/loops$/, /model_index\.json": the file is missing/);
});

Deno.test("unreadable reference files leave the others to be compared", async () => {
  const results = await check(["models/tiny-turbo", "oracle/tiny-turbo/text.json"], async (dir) => {
    const oracle = join(dir, "oracle", "tiny-turbo");
    await Deno.writeTextFile(join(oracle, "text.safetensors"), "junk");
    await Deno.writeTextFile(join(oracle, "loops.json"), "{bad");
    for (const file of ["steps.json", "steps.safetensors"]) {
      await Deno.symlink(join(FIXTURES, "oracle/tiny-turbo", file), join(oracle, file));
    }
  });
  assertFailed(results, /\/text$/, /not a safetensors file/);
  assertFailed(results, /\/loops$/, /not JSON/);
  assert.equal(results.filter((result) => result.name.includes("/steps/") && passes(result)).length, 3);
});

Deno.test("a broken variant fails beside its sound model, and one of nobody's by itself", async () => {
  const results = await check(["models/tiny-turbo", "oracle/tiny-turbo"], async (dir) => {
    const variant = join(dir, "models", "cut");
    await Deno.mkdir(join(variant, "unet"), { recursive: true });
    await Deno.writeTextFile(join(variant, "variant.json"), '{"weights_and_other_parts": "../tiny-turbo"}');
    const model = await Deno.readFile(join(FIXTURES, "models/tiny-turbo/unet/model.onnx"));
    await Deno.writeFile(join(variant, "unet", "model.onnx"), model.subarray(0, 5000));
    await Deno.mkdir(join(dir, "models", "stray"));
    await Deno.writeTextFile(join(dir, "models", "stray", "variant.json"), "{}");
  });
  assertFailed(results, /steps\/plain \[cut\]$/, /not an ONNX model/);
  assertFailed(results, /^models\/stray$/, /names no weights_and_other_parts/);
  assert(results.some((result) => result.name === "tiny-turbo/steps/plain" && passes(result)));
});

Deno.test("a missing reference tensor fails its case alone", async () => {
  const results = await check(["models/tiny-turbo", "oracle/tiny-turbo/steps.safetensors"], async (dir) => {
    const file = "oracle/tiny-turbo/steps.json";
    const document = JSON.parse(await Deno.readTextFile(join(FIXTURES, file)));
    document.cases[0].case = "renamed";
    await Deno.writeTextFile(join(dir, file), JSON.stringify(document));
  });
  assertFailed(results, /steps\/renamed$/, /Cannot find the reference tensor "renamed\//);
  assert.equal(results.filter(passes).length, 2);
});

Deno.test("on WebGPU numbers may differ more, and what must be equal must be equal", () => {
  const judged = (tolerance: number, error: number) => passes(judgedOnWebgpu({ name: "case", error, tolerance }));
  assert(judged(TOLERANCE.unet, 1.4e-3) && !judged(TOLERANCE.unet, 1.6e-3));
  assert(judged(TOLERANCE.unetHalf, 0.11) && !judged(TOLERANCE.unetHalf, 0.13));
  assert(judged(0, 0) && !judged(0, 1e-9));
});

Deno.test("a difference of unequal lengths or of no numbers is infinite", () => {
  assert.equal(maxDifference([1, 2], [1]), Infinity);
  assert.equal(maxDifference([1, NaN], [1, NaN]), Infinity);
  assert.equal(maxDifference([1, 2.5], [1, 2]), 0.5);
});
