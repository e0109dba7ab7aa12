/** The self-test lets a provider pass that computes what WASM computes, and no other. */

import assert from "node:assert/strict";
import { ProviderError, type Runtime } from "../../../compute/runtime/runtime.ts";
import { selfTest } from "../../../compute/runtime/self_test.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";

const wasm = createWasmRuntime({ threads: 1, reason: "it is compared with" });

/** A provider whose results are WASM's after `distort`. */
function distorted(distort: (value: number, index: number) => number): Runtime {
  return {
    ...wasm,
    info: { ...wasm.info, provider: "webgpu" },
    createSession: async (graph) => {
      const session = await wasm.createSession(graph);
      return {
        inputs: session.inputs,
        outputs: session.outputs,
        run: async (feeds) =>
          new Map([...await session.run(feeds)].map(([name, t]) => [name, { ...t, data: t.data.map(distort) }])),
        release: () => session.release(),
      };
    },
  };
}

Deno.test("what WASM computes in another order passes", async () => {
  await selfTest(wasm, wasm);
  await selfTest(distorted((v) => v + 5e-5), wasm);
});

for (
  const [what, distort] of [
    ["one wrong number", (v: number, i: number) => i === 40 ? v + 2e-4 : v],
    ["nothing but zeros", () => 0],
    ["NaN", (v: number, i: number) => i === 3 ? NaN : v],
  ] as const
) {
  Deno.test(`${what} fails`, async () => {
    await assert.rejects(
      selfTest(distorted(distort), wasm),
      (error) => error instanceof ProviderError && error.provider === "webgpu" && /differ from WASM/.test(error.reason),
    );
  });
}

Deno.test("a provider that cannot run the graph fails, with its words", async () => {
  const broken: Runtime = { ...wasm, createSession: () => Promise.reject(new Error("no kernel for Conv")) };
  await assert.rejects(
    selfTest(broken, wasm),
    (error) => error instanceof ProviderError && /self-test: no kernel for Conv$/.test(error.reason),
  );
});
