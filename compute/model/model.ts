/** A model folder, opened: its config at once, its graphs when first used. */

import type { Runtime } from "../runtime/runtime.ts";
import { type ModelConfig, readModelConfig, TINY_DECODER } from "./config.ts";
import { capabilitiesOf, type ModelCapabilities } from "./capabilities.ts";
import { ModelGraphs } from "./model_graphs.ts";
import { TextConditioner } from "./text_conditioner.ts";
import { loadTokenizers, type PromptTokenizer } from "./tokenizer.ts";
import { Unet } from "./unet.ts";
import { VaeDecoder, VaeEncoder } from "./vae.ts";

/**
 * The parts of a text-to-image model. Each is loaded once, on first use.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createWasmRuntime } from "../runtime/wasm.ts";
 * import { DiffusionModel } from "./model.ts";
 *
 * const runtime = createWasmRuntime({ threads: 1, reason: "an example" });
 * const model = new DiffusionModel(runtime, "models/beds-256", "beds-256");
 * const text = await model.textEncoder();
 * const { context } = await text.encode("a sailboat, ocean");
 * assert.deepEqual(context.dims, [77, model.config.contextWidth]);
 * await model.release();
 * ```
 */
export class DiffusionModel {
  readonly config: ModelConfig;
  readonly capabilities: ModelCapabilities;
  /** One per text encoder. */
  readonly tokenizers: readonly PromptTokenizer[];
  readonly #graphs: ModelGraphs;
  #decoderFingerprint: string | undefined;
  readonly #parts = new Map<string, Promise<{ release(): Promise<void> }>>();

  /**
   * @param folder A folder in the diffusers ONNX layout.
   * @param name What callers call it.
   * @param graphs Of the same folder, where it was looked into before.
   * @throws {ModelFolderError} if a config or tokenizer file is missing or broken.
   */
  constructor(
    private readonly runtime: Runtime,
    folder: string,
    name: string,
    graphs?: ModelGraphs,
  ) {
    this.config = graphs?.config ?? readModelConfig(folder, name);
    this.#graphs = graphs ?? new ModelGraphs(this.config);
    this.capabilities = capabilitiesOf(this.config);
    this.tokenizers = loadTokenizers(this.config);
  }

  /** All of the model's text encoders as one. */
  textEncoder(): Promise<TextConditioner> {
    return this.#load("text_encoder", () => TextConditioner.load(this.runtime, this.#graphs, this.tokenizers));
  }

  unet(): Promise<Unet> {
    return this.#load("unet", async () => await Unet.open(this.runtime, this.#graphs.takeUnet(), this.config));
  }

  vaeDecoder(): Promise<VaeDecoder> {
    return this.#load("vae_decoder", () => VaeDecoder.load(this.runtime, this.#graphs));
  }

  /** Changes with everything that decides what {@link vaeDecoder} makes of latents. */
  decoderFingerprint(): string {
    const { scale, shift } = this.config.latents;
    return this.#decoderFingerprint ??= JSON.stringify([this.#graphs.fingerprint("vae_decoder"), scale, shift]);
  }

  /** The tiny autoencoder for previews; a `ModelFolderError` where the folder has none. */
  previewDecoder(): Promise<VaeDecoder> {
    return this.#load(TINY_DECODER, () => VaeDecoder.loadTiny(this.runtime, this.#graphs));
  }

  vaeEncoder(): Promise<VaeEncoder> {
    return this.#load("vae_encoder", () => VaeEncoder.load(this.runtime, this.#graphs));
  }

  /** Frees what was loaded. */
  async release(): Promise<void> {
    for (const part of await Promise.allSettled(this.#parts.values())) {
      if (part.status === "fulfilled") await part.value.release();
    }
    this.#parts.clear();
  }

  #load<T extends { release(): Promise<void> }>(part: string, load: () => Promise<T>): Promise<T> {
    const known = this.#parts.get(part);
    // The name of a part decides its type.
    if (known !== undefined) return known as Promise<T>;
    const loading = load();
    this.#parts.set(part, loading);
    loading.catch(() => this.#parts.delete(part)); // a failed load may be tried again
    return loading;
  }
}
