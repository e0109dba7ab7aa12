/** Every reference run of the fixtures: tiny models of every family and export form, samplers, weight maps, tokens. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { passes } from "../../tools/parity/case.ts";
import { checkFolder, referenceNames } from "../../tools/parity/folder.ts";
import { describeResult } from "./describe_result.ts";

const dir = fileURLToPath(new URL("../fixtures", import.meta.url));
const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });

/** Comparisons by name: steps count once per export form. */
const COUNTS: Readonly<Record<string, number>> = {
  "tiny-inpaint": 3,
  "tiny-lcm": 9,
  "tiny-sd15": 9 * 2 + 8 * 3 + 5 * 3 + 14 * 8 + 5 + 15 + 12 + 6 + 12 + 9 + 10 + 5 + 4,
  "tiny-sd21": 9 * 2 + 11 * 2 + 5 + 15 + 12 + 5 + 2,
  "tiny-sdxl": 9 * 4 + 8 * 5 + 5 * 5 + 11 + 5 + 12 + 2 + 12 + 5 + 6 + 7 + 2,
  "tiny-sdxl-deep": 8,
  "tiny-turbo": 2 * 2 + 3 + 5 + 2,
  "samplers": 53 * 4,
  "weight-maps": 76 + 20 * 2 + 1 + 16,
  "tokenizer": 73,
};

Deno.test("the fixtures hold every kind of reference run", () => {
  assert.deepEqual(referenceNames(dir), Object.keys(COUNTS));
});

for (const [name, count] of Object.entries(COUNTS)) {
  Deno.test(`reference runs of ${name}`, async (t) => {
    let compared = 0;
    for await (const result of checkFolder(dir, [name], runtime)) {
      compared++;
      await t.step(result.name, () => assert(passes(result), describeResult(result)));
    }
    assert.equal(compared, count);
  });
}
