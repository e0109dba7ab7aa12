/**
 * LoRAs of single regions on layers that act on each place of the picture by itself:
 *
 *     y += map_l * (alpha / rank) * (x A^T) B^T       map_l = sum over regions of their weight of LoRA l times W_r at the place
 *
 * A step then computes two thin products more for each such layer and LoRA. Where no region that has it has weight, y keeps
 * its bits.
 */

import { create } from "@bufbuild/protobuf";
import { type NodeProto, NodeProtoSchema, type TensorProto, TensorProto_DataType, TensorProtoSchema } from "onnx-buf";
import { elementType, integers, node, valueInfo } from "../graph/emit.ts";
import { GraphIndex } from "../graph/graph_index.ts";
import { type WeightedNode, weightedNodes } from "../graph/layer_weights.ts";
import { tensorLevels } from "../graph/levels.ts";
import type { OnnxFile } from "../graph/onnx_file.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import { openSafetensors } from "../model/safetensors.ts";
import type { Feed } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import type { ContextLora } from "./context_deltas.ts";
import type { UsableLora } from "./lora_library.ts";
import type { PlannedLayer } from "./lora_plan.ts";
import { type LowRank, readLowRank, transposed } from "./low_rank.ts";

/** The input with the map of LoRA `l` on a level, [1, N, 1]. */
function mapOf(l: number, level: number): string {
  return `lora.${l}/map.${level}`;
}

/** Whether a LoRA has layers of this kind. */
export function changesPlaces(lora: UsableLora): boolean {
  return lora.plan.layers.some(({ kind }) => kind === "PLACE");
}

/** The levels on which maps are fed, by LoRA. */
export type PlaceLevels = readonly (readonly number[])[];

/**
 * Adds the layers to a step graph; `file` is left as it is.
 * @param paths The layers that the model has.
 * @throws {UnsupportedGraphError} if a layer is not in the graph.
 */
export function addPlaces(
  file: OnnxFile,
  loras: readonly UsableLora[],
  paths: Pick<ReadonlySet<string>, "has">,
): { readonly file: OnnxFile; readonly levels: PlaceLevels } {
  const nodes = weightedNodes(new GraphIndex(file.graph), paths);
  const levelOf = tensorLevels(file.graph, "sample");
  const sample = file.graph.input.find(({ name }) => name === "sample");
  const type = (sample && elementType(sample)) ?? TensorProto_DataType.FLOAT;
  const initializers: TensorProto[] = [];
  const added = new Map<NodeProto, { plain: string; readonly nodes: NodeProto[]; sum: string }>();
  const levels = loras.map((lora, l) => {
    const used = new Set<number>();
    const data = openSafetensors(lora.path);
    for (const layer of lora.plan.layers.filter(({ kind }) => kind === "PLACE")) {
      const found = nodes.get(layer.path);
      if (found === undefined) {
        throw new UnsupportedGraphError(
          `a LoRA changes "${layer.path}", and nothing in the graph tells which weights those are`,
        );
      }
      const matrices = readLowRank(layer, data);
      for (const weighted of found) {
        const { node: { output: [y = ""] } } = weighted;
        const level = levelOf.get(y);
        if (level === undefined) throw new UnsupportedGraphError(`"${layer.path}" does not act on the picture`);
        used.add(level);
        const known = added.get(weighted.node) ?? { plain: `${y}/plain`, nodes: [], sum: `${y}/plain` };
        const emitted = placeNodes(weighted, layer, matrices, {
          prefix: `lora.${l}/${layer.path}/${y}`,
          map: mapOf(l, level),
          type,
        });
        const sum = `${y}/lora.${l}`;
        initializers.push(...emitted.initializers);
        known.nodes.push(...emitted.nodes, node("Add", [known.sum, emitted.output], [sum]));
        added.set(weighted.node, { ...known, sum });
      }
    }
    return [...used].sort((a, b) => a - b);
  });
  const graph = {
    ...file.graph,
    node: file.graph.node.flatMap((own) => {
      const more = added.get(own);
      if (more === undefined) return own;
      const [y = "", ...others] = own.output;
      return [renamed(own, [more.plain, ...others]), ...more.nodes, node("Identity", [more.sum], [y])];
    }),
    initializer: [...file.graph.initializer, ...initializers],
    input: [
      ...file.graph.input,
      ...levels.flatMap((used, l) => used.map((level) => valueInfo(mapOf(l, level), type, [1, `cells_${level}`, 1]))),
    ],
  };
  return { file: { ...file, graph }, levels };
}

/** map * (x A^T) B^T for one node. */
function placeNodes(
  { node: { input: [x = ""] }, form }: WeightedNode,
  { path }: PlannedLayer,
  { rank, up, down, shape: [out = 0, width = 0, ...kernel] }: LowRank,
  { prefix, map, type }: { readonly prefix: string; readonly map: string; readonly type: number },
): { readonly nodes: readonly NodeProto[]; readonly initializers: readonly TensorProto[]; readonly output: string } {
  const output = `${prefix}/weighted`;
  const store = (name: string, dims: readonly number[], data: Float32Array): TensorProto => {
    const { buffer } = type === TensorProto_DataType.FLOAT16 ? Float16Array.from(data) : data.slice();
    const rawData = new Uint8Array(buffer as ArrayBuffer);
    return create(TensorProtoSchema, { name: `${prefix}/${name}`, dims: dims.map(BigInt), dataType: type, rawData });
  };
  const at = (name: string) => `${prefix}/${name}`;
  if (form !== "KERNEL") {
    return {
      initializers: [
        store("down", [width, rank], transposed(down, rank, width)),
        store("up", [rank, out], transposed(up, out, rank)),
      ],
      nodes: [
        node("MatMul", [x, at("down")], [at("low")]),
        node("MatMul", [at("low"), at("up")], [at("delta")]),
        node("Mul", [at("delta"), map], [output]),
      ],
      output,
    };
  }
  if (kernel.some((size) => size !== 1)) throw new UnsupportedGraphError(`"${path}" looks at more than one place`);
  return {
    initializers: [
      store("down", [rank, width, 1, 1], down),
      store("up", [out, rank, 1, 1], up),
      integers(at("one"), [1, 1]),
      integers(at("two"), [2]),
      integers(at("four"), [4]),
    ],
    nodes: [
      node("Conv", [x, at("down")], [at("low")]),
      node("Conv", [at("low"), at("up")], [at("delta")]),
      node("Shape", [at("delta")], [at("shape")]),
      node("Slice", [at("shape"), at("two"), at("four")], [at("size")]),
      node("Concat", [at("one"), at("size")], [at("grid")], { axis: 0 }),
      node("Reshape", [map, at("grid")], [at("map")]),
      node("Mul", [at("delta"), at("map")], [output]),
    ],
    output,
  };
}

/** The same node with other outputs. A bare spread would lose what unset fields are by default. */
function renamed({ $typeName: _, ...fields }: NodeProto, output: string[]): NodeProto {
  return create(NodeProtoSchema, { ...fields, output });
}

/**
 * The maps of a conditioning.
 * @param places The LoRAs of the graph, and the levels of each.
 * @param loras Of the conditioning's contexts.
 * @param weights By level, [1, R, 1, N, 1].
 */
export function placeFeeds(
  places: readonly UsableLora[],
  levels: PlaceLevels,
  loras: readonly ContextLora[],
  weights: ReadonlyMap<number, Tensor>,
): Readonly<Record<string, Feed>> {
  const feeds: Record<string, Feed> = {};
  places.forEach(({ state }, l) => {
    const own = loras.find(({ lora }) => lora.state === state)?.weights ?? [];
    for (const level of levels[l] ?? []) {
      const { dims: [, , , cells = 0] = [], data = new Float32Array() } = weights.get(level) ?? {};
      const map = new Float32Array(cells);
      own.forEach((weight, r) => {
        if (weight === 0) return;
        for (let n = 0; n < cells; n++) map[n] = (map[n] ?? 0) + weight * (data[r * cells + n] ?? 0);
      });
      feeds[mapOf(l, level)] = { dims: [1, cells, 1], data: map };
    }
  });
  return feeds;
}
