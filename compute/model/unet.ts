/** The denoiser: a stock UNet, rewritten at load so that its cross-attention is regional. */

import { followSkipConnections } from "../graph/any_size.ts";
import { TensorProto_DataType } from "onnx-buf";
import { valueInfo } from "../graph/emit.ts";
import { GraphIndex } from "../graph/graph_index.ts";
import { encodeOnnx } from "../graph/onnx_file.ts";
import { REGIONAL_INPUTS, type RegionalRewrite, rewriteCrossAttention } from "../graph/regional_rewrite.ts";
import type { Feed, Runtime, Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import { headsAtLevel, type UnetConfig } from "./config.ts";
import { readGraph } from "./graph_file.ts";

/** Regional contexts and weight maps, packed as the rewritten graph takes them. */
export interface RegionalConditioning {
  /** [1, R, T, D] */
  readonly contexts: Tensor;
  /** [1, R, 1, 1, T]: 0 at a context's own tokens, -infinity at padding. */
  readonly mask: Tensor;
  /** By level, [1, R, 1, N, 1]. */
  readonly weights: ReadonlyMap<number, Tensor>;
}

/** Options of {@link Unet.load}. */
export interface UnetOptions {
  /** Names of tensors to give out beside the prediction, for tests that look at a single layer. */
  readonly alsoOutput?: (rewrite: RegionalRewrite, graph: GraphIndex) => readonly string[];
}

/** A loaded UNet. */
export class Unet {
  private constructor(
    private readonly session: Session,
    /** Levels on which cross-attention needs weight maps. */
    readonly levels: readonly number[],
    /** Width D of a context's tokens. */
    readonly contextWidth: number,
  ) {}

  /**
   * Loads and rewrites `<folder>/unet/model.onnx`.
   * @throws {UnsupportedGraphError} if the graph is not a stock export.
   */
  static async load(runtime: Runtime, folder: string, config: UnetConfig, options: UnetOptions = {}): Promise<Unet> {
    const file = readGraph(folder, "unet");
    const rewrite = rewriteCrossAttention(file, { headsAtLevel: (level) => headsAtLevel(config, level) });
    followSkipConnections(file);
    const extra = options.alsoOutput?.(rewrite, new GraphIndex(file.graph)) ?? [];
    file.graph.output.push(
      ...extra.map((name) => valueInfo(name, TensorProto_DataType.FLOAT, ["batch", "tokens", "width"])),
    );
    const session = await runtime.createSession(encodeOnnx(file));
    const width = config.cross_attention_dim;
    return new Unet(session, rewrite.levels, Array.isArray(width) ? width[0] ?? 0 : width);
  }

  /**
   * One prediction.
   * @param sample [1, C, h, w], scaled as the sampler says.
   * @param timestep Training timestep, 0 to the number of training steps.
   * @returns [1, C, h, w]: epsilon, v or sample, as the model was trained.
   */
  async predict(sample: Tensor, timestep: number, conditioning: RegionalConditioning): Promise<Tensor> {
    const out = (await this.run(sample, timestep, conditioning)).get("out_sample");
    if (out === undefined) throw new Error("The UNet gave no out_sample");
    return out;
  }

  /** One prediction with every output of the graph by name; see {@link UnetOptions.alsoOutput}. */
  run(sample: Tensor, timestep: number, conditioning: RegionalConditioning): Promise<ReadonlyMap<string, Tensor>> {
    const rank = this.session.inputs.find((input) => input.name === "timestep")?.shape.length ?? 0;
    const feeds: Record<string, Feed> = {
      sample,
      timestep: { dims: new Array(rank).fill(1), data: Float32Array.of(timestep) },
      [REGIONAL_INPUTS.contexts]: conditioning.contexts,
      [REGIONAL_INPUTS.mask]: conditioning.mask,
    };
    for (const level of this.levels) {
      const weights = conditioning.weights.get(level);
      if (weights !== undefined) feeds[REGIONAL_INPUTS.weights(level)] = weights;
    }
    return this.session.run(feeds);
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
