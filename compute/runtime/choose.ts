/** Which provider computes: the one that was named, or the best that works here. */

import { createNativeRuntime } from "./native.ts";
import {
  PROVIDER_CHOICES,
  type ProviderChoice,
  ProviderError,
  type RejectedProvider,
  type Runtime,
} from "./runtime.ts";
import { selfTest } from "./self_test.ts";
import { createWasmRuntime } from "./wasm.ts";
import { createWebgpuRuntime } from "./webgpu.ts";

/** Options of every provider. */
export interface ChooseOptions {
  /** Threads that one run uses, at least 1. */
  readonly threads: number;
}

const NAMED = "it was asked for by name";

/**
 * Starts a provider. `auto` is WebGPU where a GPU passes the self-test, and WASM everywhere else; a program that plays a
 * GPU is taken only by name, and so is `native`.
 * @throws {ProviderError} if a provider was named and cannot work: another never takes its place.
 *
 * @example
 * ```ts
 * import { chooseRuntime } from "./choose.ts";
 *
 * const runtime = await chooseRuntime("auto", { threads: 2 });
 * console.log(runtime.info.provider, runtime.info.reason);
 * ```
 */
export async function chooseRuntime(wanted: ProviderChoice, { threads }: ChooseOptions): Promise<Runtime> {
  switch (wanted) {
    case "wasm":
      return createWasmRuntime({ threads, reason: "it runs anywhere, and no other was asked for" });
    case "webgpu":
      return await tested(await createWebgpuRuntime({ reason: NAMED, allowSoftware: true }), threads);
    case "native":
      return await tested(await createNativeRuntime({ reason: NAMED, threads }), threads);
    case "auto":
      return await best(threads);
  }
}

/**
 * A provider's name as a command line gives it.
 * @throws {RangeError} if there is none of that name.
 */
export function parseProvider(name: string): ProviderChoice {
  const choice = PROVIDER_CHOICES.find((known) => known === name);
  if (choice !== undefined) return choice;
  throw new RangeError(`Cannot compute with "${name}": the providers are ${PROVIDER_CHOICES.join(", ")}`);
}

/** What takes over from a provider that failed while it computed. */
export function replacementFor(rejected: readonly RejectedProvider[], { threads }: ChooseOptions): Runtime {
  return createWasmRuntime({ threads, reason: "the provider before it failed while it computed", rejected });
}

async function best(threads: number): Promise<Runtime> {
  try {
    const reason = "there is a GPU, and it computes what WASM computes";
    return await tested(await createWebgpuRuntime({ reason, allowSoftware: false }), threads);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const rejected = [{ provider: error.provider, reason: error.reason }];
    return createWasmRuntime({ threads, reason: "it runs anywhere, and there is nothing faster here", rejected });
  }
}

async function tested(candidate: Runtime, threads: number): Promise<Runtime> {
  try {
    await selfTest(candidate, createWasmRuntime({ threads, reason: "others are compared with it" }));
    return candidate;
  } catch (error) {
    candidate.dispose();
    throw error;
  }
}
