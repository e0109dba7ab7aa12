/** LoRAs merged into a graph's weights: W' = W + sum over LoRAs of weight * (alpha / rank) * up down. */

import { create } from "@bufbuild/protobuf";
import { GraphProtoSchema, ModelProtoSchema, TensorProto_DataType } from "onnx-buf";
import { node, valueInfo } from "../graph/emit.ts";
import type { WeightForm } from "../graph/layer_weights.ts";
import { mergeChanges, type WeightChange } from "../graph/merge_deltas.ts";
import { encodeOnnx, type OnnxFile } from "../graph/onnx_file.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import type { ModelConfig } from "../model/config.ts";
import { openSafetensors, type Safetensors } from "../model/safetensors.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { elements, type Tensor } from "../tensor.ts";
import type { UsableLora } from "./lora_library.ts";
import type { PlannedLayer } from "./lora_plan.ts";
import { type LowRank, readLowRank, transposed } from "./low_rank.ts";
import { type LoraPart, ModelLayers } from "./model_layers.ts";

/** A LoRA and how much of it is wanted. */
export interface AppliedLora {
  readonly lora: UsableLora;
  /** 1 is the whole of it. */
  readonly weight: number;
}

/** Equal for the same files in the same state with the same weights; empty for none. */
export function lorasKey(loras: readonly AppliedLora[]): string {
  return loras.map(({ lora, weight }) => `${weight} of ${lora.state}`).join("\n");
}

/** Those that change a part. */
export function touching(loras: readonly AppliedLora[], part: LoraPart): readonly AppliedLora[] {
  return loras.filter(({ lora, weight }) => weight !== 0 && lora.plan.layers.some((layer) => layer.part === part));
}

/** Merges LoRAs into graphs of one model. The products are the engine's work; it is released after the merge. */
export class LoraMerger {
  readonly #layers: ModelLayers;

  constructor(private readonly runtime: Runtime, config: Pick<ModelConfig, "unet" | "textEncoders">) {
    this.#layers = new ModelLayers(config);
  }

  /**
   * The graphs of a part with the LoRAs merged in. Together they hold the part; each layer is changed where it is.
   * @throws {UnsupportedGraphError} if a layer that a LoRA changes is in none of them.
   * @throws {SyntaxError} if a LoRA holds numbers that are not finite.
   */
  async merge(
    files: readonly OnnxFile[],
    part: LoraPart,
    loras: readonly AppliedLora[],
  ): Promise<readonly OnnxFile[]> {
    const product = await this.runtime.createSession(encodeOnnx(productGraph()));
    try {
      const changes = changesOf(product, part, loras);
      const merged: OnnxFile[] = [];
      let missing = changes.map(({ path }) => path);
      for (const file of files) {
        const result = await mergeChanges(file, changes, this.#layers.of(part));
        merged.push(result.file);
        missing = missing.filter((path) => result.missing.includes(path));
      }
      const [first] = missing;
      if (first === undefined) return merged;
      throw new UnsupportedGraphError(
        `a LoRA changes "${first}" of ${part}, and nothing in the graph tells which weights those are; export the model ` +
          "again without optimization",
      );
    } finally {
      await product.release();
    }
  }
}

/** Layers by path with everything that changes them. */
function changesOf(
  product: Session,
  part: LoraPart,
  loras: readonly AppliedLora[],
): readonly WeightChange[] {
  const sources = new Map<string, { layer: PlannedLayer; weight: number; file: Safetensors }[]>();
  for (const { lora, weight } of touching(loras, part)) {
    const file = openSafetensors(lora.path);
    for (const layer of lora.plan.layers) {
      if (layer.part !== part) continue;
      sources.set(layer.path, [...sources.get(layer.path) ?? [], { layer, weight, file }]);
    }
  }
  return [...sources].map(([path, list]) => ({
    path,
    apply: async (weights, dims, form) => {
      const parts = list.map(({ layer, weight, file }) => ({ weight, ...readLowRank(layer, file) }));
      return await addProducts(product, weights, dims, form, parts);
    },
  }));
}

async function addProducts(
  product: Session,
  weights: Float32Array,
  dims: readonly number[],
  form: WeightForm,
  parts: readonly (LowRank & { readonly weight: number })[],
): Promise<Float32Array> {
  let base: Tensor = { dims: form === "KERNEL" ? [dims[0] ?? 0, elements(dims.slice(1))] : dims, data: weights };
  for (const { rank, up, down, shape: [out = 0, ...inner], weight } of parts) {
    const scaled = weight === 1 ? up : up.map((v) => weight * v);
    const width = elements(inner);
    const feeds = form === "COLUMNS"
      ? {
        left: { dims: [width, rank], data: transposed(down, rank, width) },
        right: { dims: [rank, out], data: transposed(scaled, out, rank) },
      }
      : { left: { dims: [out, rank], data: scaled }, right: { dims: [rank, width], data: down } };
    const sum = (await product.run({ base, ...feeds })).get("sum");
    if (sum === undefined) throw new Error("The product gave no sum");
    base = sum;
  }
  return base.data;
}

/** base [m, n] + left [m, r] right [r, n] */
function productGraph(): OnnxFile {
  const float = TensorProto_DataType.FLOAT;
  const graph = create(GraphProtoSchema, {
    name: "product",
    input: [
      valueInfo("base", float, ["m", "n"]),
      valueInfo("left", float, ["m", "r"]),
      valueInfo("right", float, ["r", "n"]),
    ],
    node: [node("MatMul", ["left", "right"], ["product"]), node("Add", ["base", "product"], ["sum"])],
    output: [valueInfo("sum", float, ["m", "n"])],
  });
  const model = create(ModelProtoSchema, { irVersion: 8n, opsetImport: [{ domain: "", version: 18n }], graph });
  return { model, graph, bytes: new Uint8Array(), external: [] };
}
