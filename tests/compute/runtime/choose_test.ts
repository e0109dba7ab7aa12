/** Which provider is chosen, and what is said about the others. */

import assert from "node:assert/strict";
import { chooseRuntime, parseProvider } from "../../../compute/runtime/choose.ts";
import { findAdapter } from "../../../compute/runtime/gpu_adapter.ts";
import { ProviderError } from "../../../compute/runtime/runtime.ts";
import { WITHOUT_WEBGPU } from "../../conformance/webgpu.ts";

const threads = 1;
const hasGpu = await findAdapter(false).then(() => true, () => false);

if (WITHOUT_WEBGPU !== undefined) console.log(`Left out: choosing WebGPU by name (${WITHOUT_WEBGPU})`);

Deno.test("a provider is named as the settings name it, and in no other way", () => {
  for (const name of ["auto", "webgpu", "wasm", "native"]) assert.equal(parseProvider(name), name);
  for (const name of ["", "WASM", "cuda"]) assert.throws(() => parseProvider(name), RangeError);
});

Deno.test("wasm is what it is asked to be", async () => {
  const { info } = await chooseRuntime("wasm", { threads });
  assert.equal(info.provider, "wasm");
  assert.equal(info.threads, threads);
  assert.deepEqual(info.rejected, []);
});

Deno.test("auto takes a GPU where there is one, and otherwise WASM, saying why not WebGPU", async () => {
  const runtime = await chooseRuntime("auto", { threads });
  const { provider, rejected } = runtime.info;
  if (hasGpu) {
    assert.equal(provider, "webgpu");
    assert.deepEqual(rejected, []);
  } else {
    assert.equal(provider, "wasm");
    assert.deepEqual(rejected.map((other) => other.provider), ["webgpu"]);
    assert.match(rejected[0]?.reason ?? "", /adapter|navigator\.gpu/);
  }
  runtime.dispose();
});

Deno.test("webgpu by name takes any adapter that passes the self-test, software too", {
  ignore: WITHOUT_WEBGPU !== undefined,
}, async () => {
  const runtime = await chooseRuntime("webgpu", { threads });
  assert.equal(runtime.info.provider, "webgpu");
  assert.ok((runtime.info.adapter ?? "") !== "");
  runtime.dispose();
});

Deno.test("a named provider that cannot work is an error, not another provider", async () => {
  Object.defineProperty(navigator, "gpu", { value: undefined, configurable: true });
  try {
    await assert.rejects(
      chooseRuntime("webgpu", { threads }),
      (error) => error instanceof ProviderError && error.code === "PROVIDER_UNAVAILABLE" && error.provider === "webgpu",
    );
  } finally {
    Reflect.deleteProperty(navigator, "gpu");
  }
});

Deno.test("native by name needs leave to load machine code", { permissions: { ffi: false } }, async () => {
  await assert.rejects(
    chooseRuntime("native", { threads }),
    (error) => error instanceof ProviderError && error.provider === "native" && /--allow-ffi/.test(error.reason),
  );
});
