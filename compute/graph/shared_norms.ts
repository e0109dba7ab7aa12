/**
 * Norms over a whole picture that is computed tile by tile: the statistics that they would take of the tile become inputs,
 * and what the tile adds to the picture's becomes outputs.
 */

import { type NodeProto, type TensorProto, TensorProto_DataType, type ValueInfoProto } from "onnx-buf";
import { valueInfo } from "./emit.ts";
import { GraphIndex } from "./graph_index.ts";
import { LayerEmitter } from "./layer_emitter.ts";
import type { OnnxFile } from "./onnx_file.ts";

/** [2]: rows and columns of the tile, in its coarsest cells, and of what of it no other tile has: its first and its end. */
export const TILE_SIZE = "tile/size";
export const CORE_START = "tile/core_start";
export const CORE_END = "tile/core_end";
/** A number: 1 to norm by the core's own statistics, 0 by those that are fed. */
export const OWN_STATISTICS = "tile/own_statistics";

/** One norm's names: [1, G, 1] each, of G groups of channels. */
export interface SharedNorm {
  /** Inputs: the mean, and one over the deviation. */
  readonly mean: string;
  readonly scale: string;
  /** Outputs, of the core: its mean, and its mean squared distance from the mean that was used. */
  readonly coreMean: string;
  readonly coreSquares: string;
  readonly groups: number;
  /** What is added to a variance. */
  readonly epsilon: number;
}

/**
 * Rewrites, in place, every group norm of a float32 graph as exports write them: Reshape to [., G, ...], InstanceNormalization,
 * Reshape back.
 * @returns The norms in graph order; undefined, with the graph left as it was, if one is written otherwise.
 */
export function shareNorms({ graph }: OnnxFile): readonly SharedNorm[] | undefined {
  const index = new GraphIndex(graph);
  const found = graph.node.filter(({ opType }) => /norm/i.test(opType));
  const rewritten = new Map<NodeProto, Rewritten>();
  for (const [i, norm] of found.entries()) {
    const [flat = "", weight = "", bias = ""] = norm.input;
    const flatten = index.producer(flat);
    const groups = index.integers(flatten?.input[1] ?? "")?.[1];
    if (norm.opType !== "InstanceNormalization" || flatten?.opType !== "Reshape" || groups === undefined) {
      return undefined;
    }
    rewritten.set(norm, rewrite(`shared_norm.${i}`, norm, { x: flatten.input[0] ?? "", flat, weight, bias, groups }));
  }
  if (rewritten.size === 0) return [];
  const norms = [...rewritten.values()];
  const float = (name: string, shape: readonly number[]) => valueInfo(name, TensorProto_DataType.FLOAT, shape);
  graph.node = graph.node.flatMap((node) => rewritten.get(node)?.nodes ?? [node]);
  graph.initializer.push(...norms.flatMap(({ initializers }) => initializers));
  graph.input.push(
    ...[TILE_SIZE, CORE_START, CORE_END].map((name) => valueInfo(name, TensorProto_DataType.INT64, [2])),
    float(OWN_STATISTICS, [1]),
    ...norms.flatMap(({ norm: { mean, scale, groups } }) => [mean, scale].map((name) => float(name, [1, groups, 1]))),
  );
  graph.output.push(
    ...norms.flatMap(({ norm: { coreMean, coreSquares, groups } }): ValueInfoProto[] =>
      [coreMean, coreSquares].map((name) => float(name, [1, groups, 1]))
    ),
  );
  return norms.map(({ norm }) => norm);
}

interface Rewritten {
  readonly norm: SharedNorm;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
}

/** @param from `x` [1, C, h, w] and the same as `flat` [1, G, cells]. */
function rewrite(
  name: string,
  { output, attribute }: NodeProto,
  from: {
    readonly x: string;
    readonly flat: string;
    readonly weight: string;
    readonly bias: string;
    readonly groups: number;
  },
): Rewritten {
  const { x, flat, weight, bias, groups } = from;
  const epsilon = attribute.find((a) => a.name === "epsilon")?.f ?? 1e-5;
  const layer = new LayerEmitter(name);
  const mean = `${name}/mean`, scale = `${name}/scale`;
  const float = (part: string, value: number) => layer.scalar(part, TensorProto_DataType.FLOAT, value);

  // The core in this layer's cells, which are a multiple of the tile's coarsest.
  const size = layer.node("size", "Slice", [
    layer.node("shape", "Shape", [x]),
    layer.integers("two", [2]),
    layer.integers("four", [4]),
  ]);
  const scaled = (part: string, edge: string) =>
    layer.node(part, "Div", [layer.node(`${part}_times`, "Mul", [size, edge]), TILE_SIZE]);
  const axes = layer.integers("axes", [2, 3]);
  const core = layer.node("core", "Slice", [x, scaled("start", CORE_START), scaled("end", CORE_END), axes]);
  const cells = layer.node("core_cells", "Reshape", [core, layer.integers("by_group", [1, groups, -1])]);

  const coreMean = layer.node("core_mean", "GlobalAveragePool", [cells]);
  const chosen = (part: string, given: string, own: string) => {
    const more = layer.node(`${part}_more`, "Sub", [own, given]);
    return layer.node(part, "Add", [given, layer.node(`${part}_own`, "Mul", [OWN_STATISTICS, more])]);
  };
  const usedMean = chosen("used_mean", mean, coreMean);
  const distance = layer.node("distance", "Sub", [cells, usedMean]);
  const coreSquares = layer.node("core_squares", "GlobalAveragePool", [
    layer.node("squares", "Mul", [distance, distance]),
  ]);
  const deviation = layer.node("deviation", "Sqrt", [
    layer.node("variance", "Add", [coreSquares, float("epsilon", epsilon)]),
  ]);
  const usedScale = chosen("used_scale", scale, layer.node("own_scale", "Div", [float("one", 1), deviation]));

  // weight x (x - mean) x scale + bias
  const perGroup = layer.integers("per_group", [1, groups, 1]);
  const factor = layer.node("factor", "Mul", [usedScale, layer.node("weight", "Reshape", [weight, perGroup])]);
  const offset = layer.node("offset", "Sub", [
    layer.node("bias", "Reshape", [bias, perGroup]),
    layer.node("moved", "Mul", [usedMean, factor]),
  ]);
  layer.node("normed", "Add", [layer.node("times", "Mul", [flat, factor]), offset]);
  const last = layer.nodes.at(-1);
  if (last !== undefined) last.output = [...output]; // whoever read the original goes on unchanged
  const { nodes, initializers } = layer;
  return { norm: { mean, scale, coreMean, coreSquares, groups, epsilon }, nodes, initializers };
}
