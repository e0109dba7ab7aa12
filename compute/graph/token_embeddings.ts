/**
 * Vectors that replace tokens: a text encoder takes rows of its own beside those of its table.
 *
 *     E_t = P_t ? V_t : table[id_t]
 *
 * The table stays as it is, and one loaded graph serves whatever embeddings there come to be. Where no place is marked the
 * numbers are those of the stock graph, bit for bit.
 */

import { type TensorProto, TensorProto_DataType } from "onnx-buf";
import { node, valueInfo } from "./emit.ts";
import { GraphIndex } from "./graph_index.ts";
import type { OnnxFile } from "./onnx_file.ts";

/** The inputs that such a graph has beside `input_ids`, of the type of its table. */
export const EMBEDDING_INPUTS = {
  /** V [1, T, D] */
  vectors: "embedding_vectors",
  /** P [1, T, 1]: 1 where a vector stands, else 0. */
  places: "embedding_places",
} as const;

const IDS = "input_ids";

/** Operators behind which ids are still ids. */
const CARRIERS = new Set(["Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

/**
 * Edits a stock text encoder so that it takes vectors.
 * @param width D
 * @returns False where no table of that width is looked up by the ids, and nothing was edited.
 */
export function takeVectors({ graph }: OnnxFile, width: number): boolean {
  const index = new GraphIndex(graph);
  const ids = [IDS];
  for (const name of ids) {
    for (const reader of index.consumers(name)) {
      if (CARRIERS.has(reader.opType) && reader.input[0] === name) ids.push(...reader.output);
    }
  }
  const tables = graph.node.filter(({ opType, input: [table = "", at = ""] }) =>
    opType === "Gather" && ids.includes(at) && index.matrixShape(table)?.[1] === width
  );
  const [lookup, another] = tables;
  const type = lookup && typeOf(lookup.input[0] ?? "", index);
  if (lookup === undefined || another !== undefined || type === undefined) return false;

  const [output = ""] = lookup.output;
  const tokens = `${output}/tokens`, places = `${output}/places`;
  lookup.output[0] = tokens;
  graph.node.splice(
    graph.node.indexOf(lookup) + 1,
    0,
    node("Cast", [EMBEDDING_INPUTS.places], [places], { to: TensorProto_DataType.BOOL }),
    node("Where", [places, EMBEDDING_INPUTS.vectors, tokens], [output]),
  );
  graph.input.push(
    valueInfo(EMBEDDING_INPUTS.vectors, type, [1, "tokens", width]),
    valueInfo(EMBEDDING_INPUTS.places, type, [1, "tokens", 1]),
  );
  return true;
}

/** The element type of a stored matrix, behind what rearranges or converts it; undefined for others than floats. */
function typeOf(name: string, index: GraphIndex): TensorProto_DataType | undefined {
  const producer = index.producer(name);
  const type = producer === undefined
    ? index.graph.initializer.find((tensor: TensorProto) => tensor.name === name)?.dataType
    : producer.opType === "Cast"
    ? Number(producer.attribute.find((attribute) => attribute.name === "to")?.i)
    : typeOf(producer.input[0] ?? "", index);
  return type === TensorProto_DataType.FLOAT || type === TensorProto_DataType.FLOAT16 ? type : undefined;
}
