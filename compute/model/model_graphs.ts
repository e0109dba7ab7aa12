/** A model's graphs, read once: what a look into them has read is there when they are loaded. */

import { sha256 } from "#host/sha256.ts";
import { type OnnxFile, parseOnnx } from "../graph/onnx_file.ts";
import { maxClipSkip } from "./clip_skip.ts";
import type { ModelConfig } from "./config.ts";
import { readGraph } from "./graph_file.ts";
import { ModelChangedError } from "./model_changed.ts";
import { lookAtModel } from "./model_stamps.ts";
import { type RegionalUnet, rewriteUnet, type UnetOptions } from "./unet_graph.ts";

/** Graphs of more bytes than this together are read again: they take memory, and their loading takes far longer. */
const KEPT_BYTES = 2 ** 28;

/** Reads the graphs of one model folder. */
export class ModelGraphs {
  readonly #kept = new Map<string, OnnxFile>();
  readonly #again = new Map<string, Pick<OnnxFile, "bytes" | "external">>();
  readonly #sizes = new Map<string, number>();
  #unet: RegionalUnet | undefined;
  #bytes = 0;
  #maxClipSkip = Infinity;

  /** @param stamp Of the graphs, taken before the config was read; see `ModelStamps`. */
  constructor(
    readonly config: ModelConfig,
    private readonly stamp: string = lookAtModel(config.folder).stamps.graphs,
  ) {}

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

  /** The greatest `clipSkip` that all text encoders which were looked at have a layer for. */
  get maxClipSkip(): number {
    return this.#maxClipSkip;
  }

  /**
   * A part's graph, for loading it. A kept one is handed out once; otherwise the file is read.
   * @throws {ModelChangedError} where it is read, and the model's files are no longer those that it was opened with.
   */
  take(part: string): OnnxFile {
    const file = this.#kept.get(part);
    this.#kept.delete(part);
    return file ?? this.#read(part);
  }

  /** The rewritten UNet, in the same way. */
  takeUnet(): RegionalUnet {
    const unet = this.#unet;
    this.#unet = undefined;
    return unet ?? rewriteUnet(this.#read("unet"), this.config);
  }

  /**
   * A part's graph for one of several variants of it. What it is made of stays at hand for the next one, within limits:
   * beyond them it is read again.
   */
  variant(part: string): OnnxFile {
    const known = this.#again.get(part);
    if (known !== undefined) return parseOnnx(known.bytes, known.external);
    const file = this.#read(part);
    const { bytes, external } = file;
    if (bytesOf(file) + [...this.#again.values()].reduce((sum, other) => sum + bytesOf(other), 0) <= KEPT_BYTES) {
      this.#again.set(part, { bytes, external });
    }
    return file;
  }

  /** The UNet in the same way, rewritten. */
  variantUnet(options: UnetOptions = {}): RegionalUnet {
    return rewriteUnet(this.variant("unet"), this.config, options);
  }

  /** Bytes of a part's weights in float32; 0 before it was read. */
  weightBytes(part: string): number {
    return this.#sizes.get(part) ?? 0;
  }

  /** A hash of all bytes of a part's graph and weights, which is to be loaded next. */
  fingerprint(part: string): string {
    const file = this.#kept.get(part) ?? this.#read(part);
    const { bytes, external } = file;
    const size = external.reduce((sum, { bytes }) => sum + bytes.length, bytes.length);
    if (size <= KEPT_BYTES) this.#kept.set(part, file);
    const hash = sha256().update(bytes);
    for (const file of external) hash.update(file.location).update(file.bytes);
    return hash.hex();
  }

  #read(part: string): OnnxFile {
    const { folder } = this.config;
    const file = readGraph(folder, part);
    if (lookAtModel(folder).stamps.graphs !== this.stamp) throw new ModelChangedError(folder);
    this.#sizes.set(part, weightBytes(file));
    return file;
  }

  #look(part: string): number {
    const file = this.#read(part);
    const weights = this.weightBytes(part);
    const encoder = this.config.textEncoders.find((encoder) => encoder.part === part);
    if (encoder !== undefined) this.#maxClipSkip = Math.min(this.#maxClipSkip, maxClipSkip(file, encoder));
    const unet = part === "unet" ? rewriteUnet(file, this.config) : undefined;
    const { length } = file.bytes; // what lies beside a graph is read when it is loaded
    if (this.#bytes + length <= KEPT_BYTES) {
      this.#bytes += length;
      if (unet === undefined) this.#kept.set(part, file);
      else this.#unet = unet;
    }
    return weights;
  }
}

/** In float32. */
function weightBytes({ graph }: OnnxFile): number {
  return 4 * graph.initializer.reduce(
    (sum, tensor) => sum + tensor.dims.reduce((product, d) => product * Number(d), 1),
    0,
  );
}

function bytesOf({ bytes, external }: Pick<OnnxFile, "bytes" | "external">): number {
  return external.reduce((sum, file) => sum + file.bytes.length, bytes.length);
}
