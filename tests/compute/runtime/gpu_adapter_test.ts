/** Telling a GPU from a program that plays one, by what adapters say of themselves. */

import assert from "node:assert/strict";
import { type AdapterDescription, adapterName, findAdapter, isSoftware } from "../../../compute/runtime/gpu_adapter.ts";
import { ProviderError } from "../../../compute/runtime/runtime.ts";

const described = (description: string, more: Partial<AdapterDescription> = {}): AdapterDescription => ({
  description,
  vendor: "",
  architecture: "",
  device: "",
  isFallbackAdapter: false,
  ...more,
});

const PROGRAMS = [
  described("llvmpipe (LLVM 15.0.6, 256 bits)"),
  described("LLVMPIPE"),
  described("lavapipe"),
  described("SwiftShader Device (Subzero)"),
  described("", { vendor: "google", architecture: "swiftshader" }),
  described("softpipe"),
  described("Microsoft Basic Render Driver"),
  described("Direct3D 12 WARP"),
  described("An honest GPU", { isFallbackAdapter: true }),
];

const GPUS = [
  described("NVIDIA GeForce RTX 4090"),
  described("AMD Radeon RX 7900 XTX (RADV NAVI31)"),
  described("Intel(R) Arc(tm) A770 Graphics (DG2)"),
  described("Apple M3 Max"),
  described("Warped Reality 9000"),
  described("", { vendor: "nvidia", architecture: "ada" }),
];

for (const info of PROGRAMS) {
  Deno.test(`"${adapterName(info)}" is software`, () => assert.equal(isSoftware(info), true));
}

for (const info of GPUS) {
  Deno.test(`"${adapterName(info)}" is a GPU`, () => assert.equal(isSoftware(info), false));
}

Deno.test("an adapter without a description is named by its parts", () => {
  assert.equal(adapterName(described("", { vendor: "nvidia", architecture: "ada" })), "nvidia ada");
  assert.equal(adapterName(described("")), "an unnamed adapter");
});

/** Asks for an adapter on a platform that has this instead of WebGPU. */
async function refusalOf(gpu: unknown): Promise<ProviderError> {
  Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  try {
    await findAdapter(false);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  } finally {
    Reflect.deleteProperty(navigator, "gpu"); // the platform's own is on the prototype
  }
  throw new Error("Expected a refusal");
}

for (
  const [what, gpu, reason] of [
    ["no WebGPU", undefined, /no navigator\.gpu/],
    ["no driver", { requestAdapter: () => Promise.resolve(null) }, /no adapter/],
    ["a driver that fails", { requestAdapter: () => Promise.reject(new Error("out of order")) }, /out of order/],
    [
      "software alone",
      { requestAdapter: () => Promise.resolve({ info: described("llvmpipe") }) },
      /software.*llvmpipe/,
    ],
  ] as const
) {
  Deno.test(`a platform with ${what} is refused, with the reason`, async () => {
    const { code, provider, reason: said } = await refusalOf(gpu);
    assert.equal(code, "PROVIDER_UNAVAILABLE");
    assert.equal(provider, "webgpu");
    assert.match(said, reason);
  });
}
