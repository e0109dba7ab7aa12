/** A model folder, opened: its config at once, its graphs when first used. */

import type { OnnxFile } from "../graph/onnx_file.ts";
import type { UsableLora } from "../lora/lora_library.ts";
import { type AppliedLora, LoraMerger, lorasKey, touching } from "../lora/merge_loras.ts";
import { ModelLayers } from "../lora/model_layers.ts";
import { addPlaces } from "../lora/weighted_places.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type ModelConfig, readModelConfig, type TextEncoderPart, TINY_DECODER } from "./config.ts";
import { capabilitiesOf, type ModelCapabilities } from "./capabilities.ts";
import { LoadedParts } from "./loaded_parts.ts";
import { ModelGraphs } from "./model_graphs.ts";
import { TextConditioner } from "./text_conditioner.ts";
import { loadTokenizers, type PromptTokenizer } from "./tokenizer.ts";
import { Unet } from "./unet.ts";
import type { RegionalUnet, UnetOptions } from "./unet_graph.ts";
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
  /** What is in memory. */
  readonly parts: LoadedParts = new LoadedParts();

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

  /** All of the model's text encoders as one, with LoRAs merged into them. */
  textEncoder(loras: readonly AppliedLora[] = []): Promise<TextConditioner> {
    const { textEncoders } = this.config;
    const touched = loras.filter((lora) => textEncoders.some(({ part }) => touching([lora], part).length > 0));
    const graphOf = (part: TextEncoderPart["part"]) =>
      touched.length === 0 ? this.#graphs.take(part) : this.#mergedEncoder(part, touched);
    return this.#load(
      "text_encoder",
      () => TextConditioner.load(this.runtime, this.config, this.tokenizers, graphOf),
      { variant: lorasKey(touched), parts: textEncoders.map(({ part }) => part) },
    );
  }

  /**
   * The UNet, with LoRAs merged into it.
   * @param places LoRAs of single regions, whose linear layers around attention are to follow weight maps.
   * @param options `words`: whether it also tells where words are, see {@link Unet.look}.
   */
  unet(
    loras: readonly AppliedLora[] = [],
    places: readonly UsableLora[] = [],
    { words = false }: { readonly words?: boolean } = {},
  ): Promise<Unet> {
    const touched = touching(loras, "unet");
    const variant = touched.length + places.length === 0 && !words
      ? ""
      : JSON.stringify([lorasKey(touched), places.map(({ state }) => state), words]);
    return this.#load("unet", async () => {
      const graph = variant === ""
        ? this.#graphs.takeUnet()
        : await this.#changedUnet(touched, places, { wordAttention: words });
      return await Unet.open(this.runtime, graph, this.config);
    }, { variant, parts: ["unet"] });
  }

  async #mergedEncoder(part: TextEncoderPart["part"], loras: readonly AppliedLora[]): Promise<OnnxFile> {
    const file = this.#graphs.variant(part);
    const [merged = file] = await this.#merger.merge([file], part, loras);
    return merged;
  }

  async #changedUnet(
    loras: readonly AppliedLora[],
    places: readonly UsableLora[],
    options: UnetOptions,
  ): Promise<RegionalUnet> {
    const graph = this.#graphs.variantUnet(options);
    const { step, hoisted } = graph;
    const files = [step, ...(hoisted === null ? [] : [hoisted.projections])];
    const [merged = step, projections] = loras.length === 0 ? files : await this.#merger.merge(files, "unet", loras);
    const changed = {
      ...graph,
      step: merged,
      hoisted: hoisted && { ...hoisted, projections: projections ?? hoisted.projections },
    };
    if (places.length === 0) return changed;
    const { file, levels } = addPlaces(merged, places, new ModelLayers(this.config).of("unet"));
    return { ...changed, step: file, places: { loras: places, levels } };
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
    await this.parts.release();
  }

  get #merger(): LoraMerger {
    return new LoraMerger(this.runtime, this.config);
  }

  #load<T extends { release(): Promise<void> }>(
    part: string,
    load: () => Promise<T>,
    { variant, parts }: { readonly variant: string; readonly parts: readonly string[] } = {
      variant: "",
      parts: [part],
    },
  ): Promise<T> {
    const bytes = parts.reduce((sum, name) => sum + this.#graphs.weightBytes(name), 0);
    return this.parts.get(part, variant, bytes, load);
  }
}
