/** Every reference run of the embedded models. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { passes } from "../../tools/parity/case.ts";
import { checkModel } from "../../tools/parity/folder.ts";
import { describeResult } from "./describe_result.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });

for (const [name, cases] of [["beds-256", 45], ["beds-256-lcm", 3]] as const) {
  Deno.test(`reference runs of the embedded model ${name}`, async (t) => {
    let compared = 0;
    for await (const result of checkModel(path(`../embedded/oracle/${name}`), path("../../models"), runtime)) {
      compared++;
      await t.step(result.name, () => assert(passes(result), describeResult(result)));
    }
    assert.equal(compared, cases);
  });
}
