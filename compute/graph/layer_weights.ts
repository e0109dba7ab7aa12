/** Which stored weights belong to which layer of a model, in whichever way the exporter left its mark. */

import { type NodeProto, type TensorProto, TensorProto_DataType } from "onnx-buf";
import { outside } from "./fold_constants.ts";
import type { GraphIndex } from "./graph_index.ts";
import { intsAttribute } from "./graph_index.ts";
import type { ExternalWeights } from "./onnx_file.ts";
import { UnsupportedGraphError } from "./unsupported.ts";

/** How a node holds its weights: [in, out], [out, in] or [out, in, height, width]. */
export type WeightForm = "COLUMNS" | "ROWS" | "KERNEL";

/** A linear or convolutional layer in a graph; its weights are the node's second input. */
export interface WeightedNode {
  readonly node: NodeProto;
  readonly form: WeightForm;
}

/**
 * The layers of a graph by their paths. A node's layer is what its weights are called (`conv_in.weight`), else the last
 * scope that the torch.export based exporter noted, else its own name up to the operator, as TorchScript's exporter
 * gives it (`/down_blocks.0/attentions.0/.../to_k/MatMul`).
 * @param paths The layers that the model has; a path in the graph may have something in front.
 */
export function weightedNodes(
  index: GraphIndex,
  paths: Pick<ReadonlySet<string>, "has">,
): ReadonlyMap<string, readonly WeightedNode[]> {
  const found = new Map<string, WeightedNode[]>();
  for (const node of index.graph.node) {
    const form = formOf(node);
    if (form === undefined || source(index, node.input[1] ?? "") === undefined) continue;
    const path = pathsOf(index, node).map((own) => withoutFront(own, paths)).find((own) => own !== undefined);
    if (path === undefined) continue;
    const nodes = found.get(path) ?? [];
    nodes.push({ node, form });
    found.set(path, nodes);
  }
  return found;
}

function formOf(node: NodeProto): WeightForm | undefined {
  switch (node.opType) {
    case "MatMul":
      return "COLUMNS";
    case "Gemm":
      return node.attribute.some(({ name, i }) => name === "transB" && i === 1n) ? "ROWS" : "COLUMNS";
    case "Conv":
      return "KERNEL";
    default:
      return undefined;
  }
}

function pathsOf(index: GraphIndex, node: NodeProto): readonly string[] {
  const weights = source(index, node.input[1] ?? "")?.name ?? "";
  const scopes = node.metadataProps.find(({ key }) => key === "pkg.torch.onnx.name_scopes")?.value ?? "";
  const scope = [...scopes.matchAll(/'([^']*)'/g)].map(([, name = ""]) => name).at(-2);
  return [
    ...(weights.endsWith(".weight") ? [weights.slice(0, -".weight".length)] : []),
    ...(scope === undefined ? [] : [scope]),
    node.name.replace(/^\//, "").replace(/\/[^/]*$/, "").replaceAll("/", "."),
  ];
}

/** The path without what stands in front of the model's own, as in `m.text_model...`; undefined if it is none of it. */
function withoutFront(path: string, paths: Pick<ReadonlySet<string>, "has">): string | undefined {
  for (let own = path; own !== "";) {
    if (paths.has(own)) return own;
    const dot = own.indexOf(".");
    if (dot < 0) return undefined;
    own = own.slice(dot + 1);
  }
  return undefined;
}

/** The initializer behind what converts or transposes it. */
function source(index: GraphIndex, tensor: string): TensorProto | undefined {
  const stored = index.initializer(tensor);
  if (stored !== undefined) return stored;
  const node = index.producer(tensor);
  if (node === undefined || !["Cast", "CastLike", "Identity", "Transpose"].includes(node.opType)) return undefined;
  return source(index, node.input[0] ?? "");
}

/** Weights as a node reads them. */
export interface StoredWeights {
  readonly dims: readonly number[];
  readonly data: Float32Array;
  /** The element type that the node takes. */
  readonly type: typeof TensorProto_DataType.FLOAT | typeof TensorProto_DataType.FLOAT16;
}

/**
 * Reads stored weights, also behind Cast, Identity or Transpose.
 * @param external The data files that the graph names.
 * @throws {UnsupportedGraphError} if they are not stored, or not in floats.
 */
export function readWeights(index: GraphIndex, tensor: string, external: readonly ExternalWeights[]): StoredWeights {
  const stored = index.initializer(tensor);
  if (stored !== undefined) return readTensor(stored, external);
  const node = index.producer(tensor);
  const refused = () =>
    new UnsupportedGraphError(`the weights "${tensor}" are computed by ${node?.opType ?? "nothing"}`);
  if (node === undefined) throw refused();
  const inner = readWeights(index, node.input[0] ?? "", external);
  switch (node.opType) {
    case "Identity":
      return inner;
    case "Cast":
    case "CastLike": {
      const to = node.opType === "Cast"
        ? Number(node.attribute.find(({ name }) => name === "to")?.i)
        : readWeights(index, node.input[1] ?? "", external).type;
      if (to !== TensorProto_DataType.FLOAT && to !== TensorProto_DataType.FLOAT16) throw refused();
      return { ...inner, type: to };
    }
    case "Transpose": {
      const [rows = 0, columns = 0] = inner.dims;
      const perm = intsAttribute(node, "perm");
      if (inner.dims.length !== 2 || (perm.length > 0 && perm.join() !== "1,0")) throw refused();
      const data = new Float32Array(inner.data.length);
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c++) data[c * rows + r] = inner.data[r * columns + c] ?? 0;
      }
      return { ...inner, dims: [columns, rows], data };
    }
    default:
      throw refused();
  }
}

function readTensor(tensor: TensorProto, external: readonly ExternalWeights[]): StoredWeights {
  const { dataType: type } = tensor;
  const dims = tensor.dims.map(Number);
  const count = dims.reduce((product, d) => product * d, 1);
  if (type !== TensorProto_DataType.FLOAT && type !== TensorProto_DataType.FLOAT16) {
    throw new UnsupportedGraphError(`the weights "${tensor.name}" are not floats`);
  }
  if (type === TensorProto_DataType.FLOAT && tensor.floatData.length > 0) {
    return { dims, data: Float32Array.from(tensor.floatData), type };
  }
  const size = type === TensorProto_DataType.FLOAT ? 4 : 2;
  const bytes = tensor.rawData.length > 0 ? tensor.rawData : outside(tensor, external, size * count);
  if (bytes?.length !== size * count) {
    throw new UnsupportedGraphError(`the weights "${tensor.name}" have no data of their shape`);
  }
  const { buffer } = bytes.slice(); // raw data is unaligned in general
  return { dims, type, data: size === 4 ? new Float32Array(buffer) : Float32Array.from(new Float16Array(buffer)) };
}
