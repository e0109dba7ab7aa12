/** A model folder, opened: its config at once, its graphs when first used. */

import type { Runtime } from "../runtime/runtime.ts";
import { type ModelConfig, readModelConfig, TINY_DECODER } from "./config.ts";
import { capabilitiesOf, type ModelCapabilities } from "./family.ts";
import { graphBytes } from "./graph_file.ts";
import { ModelGraphs } from "./model_graphs.ts";
import { TextConditioner } from "./text_conditioner.ts";
import { loadTokenizers, type PromptTokenizer } from "./tokenizer.ts";
import { Unet } from "./unet.ts";
import { VaeDecoder, VaeEncoder } from "./vae.ts";

/** Of UNets of more bytes than this one variant is loaded at a time. */
const BOTH_UNETS_BYTES = 2 ** 28;

/** The parts of a text-to-image model. Each is loaded once, on first use. */
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

  async unet(): Promise<Unet> {
    await this.#makeRoomFor("unet");
    return await this.#load("unet", async () => await Unet.open(this.runtime, this.#graphs.takeUnet(), this.config));
  }

  /** The UNet in the variant that also tells where words are, see {@link Unet.look}. */
  async wordUnet(): Promise<Unet> {
    await this.#makeRoomFor("word_unet");
    return await this.#load(
      "word_unet",
      () => Unet.load(this.runtime, this.config.folder, this.config, { wordAttention: true }),
    );
  }

  vaeDecoder(): Promise<VaeDecoder> {
    return this.#load("vae_decoder", () => VaeDecoder.load(this.runtime, this.#graphs));
  }

  /** Changes with everything that decides what {@link vaeDecoder} makes of latents. */
  decoderFingerprint(): string {
    const { scaling_factor, shift_factor } = this.config.vae;
    return this.#decoderFingerprint ??= JSON.stringify([
      this.#graphs.fingerprint("vae_decoder"),
      scaling_factor,
      shift_factor ?? 0,
    ]);
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

  /** Lets go of the UNet's other variant where both together take too much memory; it is loaded again when needed. */
  async #makeRoomFor(part: "unet" | "word_unet"): Promise<void> {
    const other = part === "unet" ? "word_unet" : "unet";
    const loaded = this.#parts.get(other);
    if (loaded === undefined || graphBytes(this.config.folder, "unet") <= BOTH_UNETS_BYTES) return;
    this.#parts.delete(other);
    await (await loaded).release();
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
