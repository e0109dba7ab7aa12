/** WebGPU on machines without a GPU: Mesa's software driver, a real adapter that is slow. */

import { createWebgpuRuntime } from "../../compute/runtime/webgpu.ts";
import { ProviderError, type Runtime } from "../../compute/runtime/runtime.ts";

const INSTALL = "apt-get install -y --no-install-recommends mesa-vulkan-drivers libvulkan1";

/**
 * Why tests that need an adapter are left out, by name, on a machine without one; undefined where they run. In
 * continuous integration they always run, and fail where there is none.
 */
export const WITHOUT_WEBGPU: string | undefined = await reasonToLeaveOut();

async function reasonToLeaveOut(): Promise<string | undefined> {
  if (Deno.env.get("PARTERRE_TEST_WITHOUT_WEBGPU") === "1") return "PARTERRE_TEST_WITHOUT_WEBGPU=1";
  if (Deno.env.get("CI") === "true") return undefined;
  const adapter = await navigator.gpu?.requestAdapter();
  return adapter ? undefined : `no WebGPU adapter; on Debian, as root: ${INSTALL}`;
}

/** WebGPU on any adapter; says how to get one. */
export async function openWebgpu(): Promise<Runtime> {
  try {
    return await createWebgpuRuntime({ reason: "it is under test", allowSoftware: true });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new Error(
      `${error.message}. Tests need an adapter: \`${INSTALL}\`; PARTERRE_TEST_WITHOUT_WEBGPU=1 leaves them out`,
    );
  }
}
