/** A model's graphs, read once: what a look into them has read is there when they are loaded. */

import { createHash } from "node:crypto";
import type { OnnxFile } from "../graph/onnx_file.ts";
import { findLayers } from "../graph/text_layers.ts";
import type { ModelConfig } from "./config.ts";
import { LAST_STATE } from "./text_encoder.ts";
import { readGraph } from "./graph_file.ts";
import { type RegionalUnet, rewriteUnet } from "./unet_graph.ts";

/** Graphs of more bytes than this together are read again: they take memory, and their loading takes far longer. */
const KEPT_BYTES = 2 ** 28;

/** Reads the graphs of one model folder. */
export class ModelGraphs {
  readonly #kept = new Map<string, OnnxFile>();
  #unet: RegionalUnet | undefined;
  #bytes = 0;
  #maxClipSkip = Infinity;

  constructor(readonly config: ModelConfig) {}

  /**
   * Reads every graph that a picture needs and rewrites the UNet's, as loading does, without an engine.
   * @returns Bytes of all weights in float32, which is what the engine computes with.
   * @throws {ModelFolderError} if a file is missing.
   * @throws {UnsupportedGraphError} if a graph cannot be used.
   */
  look(): number {
    const parts = [...this.config.textEncoders.map(({ part }) => part), "unet", "vae_decoder"];
    return parts.reduce((sum, part) => sum + this.#look(part), 0);
  }

  /** The greatest `clipSkip` that the text encoders which were looked at have a layer for. */
  get maxClipSkip(): number {
    return this.#maxClipSkip;
  }

  /** A part's graph, for its loading; it is handed out once and read if it is not at hand. */
  take(part: string): OnnxFile {
    const file = this.#kept.get(part);
    this.#kept.delete(part);
    return file ?? readGraph(this.config.folder, part);
  }

  /** The rewritten UNet, in the same way. */
  takeUnet(): RegionalUnet {
    const unet = this.#unet;
    this.#unet = undefined;
    return unet ?? rewriteUnet(readGraph(this.config.folder, "unet"), this.config);
  }

  /** A hash of all bytes of a part's graph and weights. */
  fingerprint(part: string): string {
    const { bytes, external } = this.#kept.get(part) ?? readGraph(this.config.folder, part);
    const hash = createHash("sha256").update(bytes);
    for (const file of external) hash.update(file.location).update(file.bytes);
    return hash.digest("hex");
  }

  #look(part: string): number {
    const file = readGraph(this.config.folder, part);
    const elements = file.graph.initializer.reduce(
      (sum, tensor) => sum + tensor.dims.reduce((product, d) => product * Number(d), 1),
      0,
    );
    const text = this.config.textEncoders.find((encoder) => encoder.part === part);
    if (text !== undefined) {
      const layers = text.config.num_hidden_layers;
      // Of two encoders it is the penultimate layer that is read without any skip.
      const found = findLayers(file, { layers, last: LAST_STATE })?.slice(
        0,
        this.config.textEncoders.length === 1 ? layers : -1,
      );
      this.#maxClipSkip = Math.min(this.#maxClipSkip, Math.max(1, found?.length ?? 1));
    }
    const unet = part === "unet" ? rewriteUnet(file, this.config) : undefined;
    this.#bytes += file.external.reduce((sum, { bytes }) => sum + bytes.length, file.bytes.length);
    if (this.#bytes <= KEPT_BYTES) {
      if (unet === undefined) this.#kept.set(part, file);
      else this.#unet = unet;
    }
    return 4 * elements;
  }
}
