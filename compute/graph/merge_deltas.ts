/** Changed weights in a graph: layers get weights of their own in place of those that they shared or read converted. */

import { create } from "@bufbuild/protobuf";
import { type NodeProto, NodeProtoSchema, type TensorProto, TensorProto_DataType, TensorProtoSchema } from "onnx-buf";
import { GraphIndex } from "./graph_index.ts";
import { readWeights, type WeightedNode, weightedNodes, type WeightForm } from "./layer_weights.ts";
import type { ExternalWeights, OnnxFile } from "./onnx_file.ts";
import { prune } from "./prune.ts";
import { UnsupportedGraphError } from "./unsupported.ts";

/** A layer's weights to change, at the model's own path. */
export interface WeightChange {
  readonly path: string;
  /**
   * The changed weights.
   * @param weights As the graph stores them, [in, out], [out, in] or [out, in, height, width] by their form.
   */
  readonly apply: (weights: Float32Array, dims: readonly number[], form: WeightForm) => Promise<Float32Array>;
}

/**
 * The same graph with changed weights; `file` is left as it is, and what does not change is shared with it.
 * @param paths The layers that the model has.
 * @returns The file, and the paths that are not in it.
 * @throws {UnsupportedGraphError} if a layer's weights are not stored.
 */
export async function mergeChanges(
  file: OnnxFile,
  changes: readonly WeightChange[],
  paths: Pick<ReadonlySet<string>, "has">,
): Promise<{ readonly file: OnnxFile; readonly missing: readonly string[] }> {
  const index = new GraphIndex(file.graph);
  const nodes = weightedNodes(index, paths);
  const missing = changes.map(({ path }) => path).filter((path) => !nodes.has(path));
  const present = changes.flatMap((change) => (nodes.get(change.path) ?? []).map((weighted) => ({ change, weighted })));
  if (present.length === 0) return { file, missing };

  const instead = new Map<NodeProto, NodeProto>();
  const initializers: TensorProto[] = [];
  const external: ExternalWeights[] = [];
  for (const { change, weighted } of present) {
    const name = `merged.${external.length}.${change.path}.weight`;
    const tensor = await changed(index, file, weighted, change, name);
    initializers.push(tensor);
    external.push({ location: `parterre-merged-${external.length}.weights`, bytes: tensor.rawData });
    instead.set(weighted.node, readingFrom(weighted.node, name));
  }
  const graph = {
    ...file.graph,
    node: file.graph.node.map((node) => instead.get(node) ?? node),
    initializer: [...file.graph.initializer, ...initializers],
  };
  prune(graph);
  return { file: { ...file, graph, external: [...file.external, ...external] }, missing };
}

async function changed(
  index: GraphIndex,
  { external }: OnnxFile,
  { node, form }: WeightedNode,
  { path, apply }: WeightChange,
  name: string,
): Promise<TensorProto> {
  const { dims, data, type: dataType } = readWeights(index, node.input[1] ?? "", external);
  const result = await apply(data, dims, form);
  if (result.length !== data.length) {
    throw new UnsupportedGraphError(`the weights of "${path}" have the shape [${dims}], and the change has another`);
  }
  const { buffer } = dataType === TensorProto_DataType.FLOAT16 ? Float16Array.from(result) : result;
  const rawData = new Uint8Array(buffer as ArrayBuffer);
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData });
}

/** The same node with other weights. A bare spread would lose what unset fields are by default. */
function readingFrom({ $typeName: _, ...fields }: NodeProto, weights: string): NodeProto {
  const [data = "", , ...others] = fields.input;
  return create(NodeProtoSchema, { ...fields, input: [data, weights, ...others] });
}
