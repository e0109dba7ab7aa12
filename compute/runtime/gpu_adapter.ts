/** Finding a GPU, telling it from a program that plays one, and opening it for inference. */

import { ProviderError } from "./runtime.ts";

/** Drivers that compute on the processor, slower than WASM does: Mesa's, Chrome's, Direct3D's and their like. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|softpipe|\bwarp\b|microsoft basic render/i;

/** What raises the largest model that fits and the largest work group; the defaults suit drawing. */
const RAISED_LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxBindGroups",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
] as const;

/** What an adapter says of itself. */
export type AdapterDescription =
  & Pick<GPUAdapterInfo, "description" | "vendor" | "architecture" | "device">
  & Partial<Pick<GPUAdapterInfo, "isFallbackAdapter">>;

/** An adapter's name, in its driver's words. */
export function adapterName({ description, vendor, architecture, device }: AdapterDescription): string {
  return description || [vendor, architecture, device].filter((part) => part !== "").join(" ") || "an unnamed adapter";
}

/** Whether an adapter is a program rather than a GPU. */
export function isSoftware(info: AdapterDescription): boolean {
  return info.isFallbackAdapter === true || SOFTWARE.test(`${adapterName(info)} ${info.vendor} ${info.device}`);
}

/**
 * The adapter to compute on: the strongest that the platform names.
 * @param allowSoftware Whether a program may stand in for a GPU.
 * @throws {ProviderError} if there is none.
 */
export async function findAdapter(allowSoftware: boolean): Promise<GPUAdapter> {
  // Absent where the platform has no WebGPU, whatever its type says.
  const gpu: GPU | undefined = navigator.gpu;
  if (gpu === undefined) throw new ProviderError("webgpu", "this platform has no navigator.gpu");
  const adapter = await refusing("asking for an adapter", gpu.requestAdapter({ powerPreference: "high-performance" }));
  if (adapter === null) throw new ProviderError("webgpu", "there is no adapter: no driver was found");
  if (!allowSoftware && isSoftware(adapter.info)) {
    throw new ProviderError("webgpu", `the adapter is software, slower than WASM: ${adapterName(adapter.info)}`);
  }
  return adapter;
}

/**
 * A device of our own, with half floats where there are any and every limit that inference meets at its highest.
 * @throws {ProviderError} if the adapter gives none.
 */
export async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const request = adapter.requestDevice({
    label: "parterre",
    requiredFeatures: adapter.features.has("shader-f16") ? ["shader-f16"] : [],
    requiredLimits: Object.fromEntries(RAISED_LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  return await refusing("opening the device", request);
}

async function refusing<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new ProviderError("webgpu", `${what} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
