/** The chain that makes the embedded model runs from vectors to accuracies, and Parterre agrees with what it exports. */

import assert from "node:assert/strict";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { passes } from "../../tools/parity/case.ts";
import { checkModel } from "../../tools/parity/folder.ts";
import { describeResult } from "../parity/describe_result.ts";
import { exists, TRAINING, WITHOUT_TRAINING } from "./python.ts";

Deno.test({
  name: "the training chain in little: every step runs, resumes and exports a model that Parterre reproduces" +
    (WITHOUT_TRAINING === undefined ? "" : ` (left out: ${WITHOUT_TRAINING})`),
  ignore: WITHOUT_TRAINING !== undefined,
  async fn(t) {
    const out = await Deno.makeTempDir();
    try {
      const ran = await t.step("python -m beds smoke", async () => {
        assert(await exists(TRAINING.python), `No ${TRAINING.python.pathname}; ${TRAINING.install}`);
        const { success, stdout, stderr } = await new Deno.Command(TRAINING.python, {
          args: ["-W", "ignore", "-m", "beds", "smoke", "--out", out],
          cwd: TRAINING.folder,
          env: { OMP_NUM_THREADS: "1" },
        }).output();
        const printed = new TextDecoder().decode(stdout);
        assert(success, `${printed}\n${new TextDecoder().decode(stderr)}\n${TRAINING.install}`);
        assert.match(printed, /^smoke: every step ran, \d+ tests passed/m);
      });
      if (!ran) return;
      await t.step("its reference runs hold for its ONNX folder", async () => {
        const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
        let compared = 0;
        for await (const result of checkModel(`${out}/oracle/beds-smoke`, `${out}/out/export/models`, runtime)) {
          compared++;
          assert(passes(result), describeResult(result));
        }
        assert.equal(compared, 45);
      });
    } finally {
      await Deno.remove(out, { recursive: true });
    }
  },
});
