/** What a step of a region with a LoRA runs, which is all that it could cost. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LoraLibrary } from "../../../compute/lora/lora_library.ts";
import { DiffusionModel } from "../../../compute/model/model.ts";
import { regionalConditioning } from "../../../compute/pipeline/conditioning.ts";
import type { Runtime } from "../../../compute/runtime/runtime.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { readSafetensors } from "../../../tools/parity/reference.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures", import.meta.url));

Deno.test("after its first step a region's LoRA runs the very session of a step without it, with inputs of the same shapes", async () => {
  const runs: { session: number; feeds: Record<string, readonly number[]> }[] = [];
  const wasm = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
  let sessions = 0;
  const runtime: Runtime = {
    info: wasm.info,
    createSession: async (graph) => {
      const inner = await wasm.createSession(graph);
      const session = sessions++;
      return {
        inputs: inner.inputs,
        outputs: inner.outputs,
        run: (feeds, fetches) => {
          const taken = inner.inputs.map(({ name }) => [name, feeds[name]?.dims ?? []] as const);
          runs.push({ session, feeds: Object.fromEntries(taken) });
          return inner.run(feeds, fetches);
        },
        release: () => inner.release(),
      };
    },
    dispose: () => wasm.dispose(),
  };
  const model = new DiffusionModel(runtime, join(FIXTURES, "models", "tiny-sd15"), "tiny-sd15");
  try {
    const lora = new LoraLibrary(null).find("kohya locon", { config: model.config, family: "SD1" });
    const reference = readSafetensors(join(FIXTURES, "oracle", "tiny-sd15", "lora.safetensors"));
    const tensor = (key: string) => reference.get(`regions/${key}`) ?? assert.fail();
    const contexts = [0, 1, 2].map((i) => tensor(`context.${i}`));
    const maps = { count: 3, height: 8, width: 8, data: tensor("maps").data };
    const unet = await model.unet();
    const steps = async (weight: number) => {
      const loras = weight === 0 ? [] : [{ lora, weight }];
      const own = contexts.map((context, i) => i === 2 ? { ...context, loras } : context);
      const conditioning = regionalConditioning(own, maps, unet);
      const of: (typeof runs)[] = [];
      for (const timestep of [500, 400]) {
        runs.length = 0;
        await unet.predict(tensor("sample"), timestep, conditioning);
        of.push([...runs]);
      }
      return of;
    };
    const [plainFirst, plain] = await steps(0), [first, second] = await steps(0.8);
    assert.equal(first?.length, (plainFirst?.length ?? 0) + 1); // the matrices of its keys and values
    assert.equal(second?.length, 1);
    assert.deepEqual(second, plain);
  } finally {
    await model.release();
  }
});
