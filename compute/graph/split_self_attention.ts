/**
 * Self-attention a part of the rows at a time, for graphs whose weights leave a WASM heap little room.
 *
 * Scores are the one activation that grows with the square of the picture: 8 heads x 4096 x 4096 float32 are 0.5 GiB at
 * 512 x 512, and their softmax as much again. Each query's row depends on no other, so attending to the rows in parts
 * gives the same numbers and needs that share of the memory.
 */

import type { NodeProto, TensorProto } from "onnx-buf";
import { GraphIndex } from "./graph_index.ts";
import { LayerEmitter } from "./layer_emitter.ts";
import type { OnnxFile } from "./onnx_file.ts";

/**
 * Splits, in place, every MatMul -> Softmax -> MatMul with nothing in between: self-attention without a mask, in which
 * the rewritten cross-attention does not take part.
 * @param parts How many parts the rows are cut into.
 * @returns How many layers were split.
 */
export function splitSelfAttention(file: OnnxFile, parts: number): number {
  const { graph } = file;
  const index = new GraphIndex(graph);
  const instead = new Map<NodeProto, readonly NodeProto[]>();
  const gone = new Set<NodeProto>();
  const initializers: TensorProto[] = [];
  for (const softmax of graph.node) {
    const scores = index.producer(softmax.input[0] ?? "");
    const [attended, ...others] = index.consumers(softmax.output[0] ?? "");
    if (softmax.opType !== "Softmax" || scores?.opType !== "MatMul") continue;
    if (attended?.opType !== "MatMul" || others.length > 0) continue;

    const layer = new LayerEmitter(`split.${instead.size}`);
    const [query = "", keys = ""] = scores.input;
    const [, values = ""] = attended.input;
    const rowAxis = layer.integers("row_axis", [-2]);
    const size = layer.node("size", "Shape", [query]);
    const rows = layer.node("rows", "Slice", [size, rowAxis, layer.integers("row_axis_end", [-1])]);
    const count = layer.integers("parts", [parts]);
    const edges = Array.from({ length: parts + 1 }, (_, i) => {
      const times = layer.node(`rows_times_${i}`, "Mul", [rows, layer.integers(`number_${i}`, [i])]);
      return layer.node(`edge_${i}`, "Div", [times, count]);
    });
    const done = edges.slice(1).map((end, i) => {
      const part = layer.node(`query_${i}`, "Slice", [query, edges[i] ?? "", end, rowAxis]);
      const partScores = layer.node(`scores_${i}`, "MatMul", [part, keys]);
      const attention = layer.node(`attention_${i}`, "Softmax", [partScores], { axis: -1 });
      return layer.node(`attended_${i}`, "MatMul", [attention, values]);
    });
    layer.node("joined", "Concat", done, { axis: -2 });
    const joined = layer.nodes.at(-1);
    if (joined !== undefined) joined.output = [...attended.output]; // whoever read the original goes on unchanged
    initializers.push(...layer.initializers);
    instead.set(attended, layer.nodes);
    gone.add(scores).add(softmax);
  }
  graph.initializer.push(...initializers);
  graph.node = graph.node.flatMap((node) => gone.has(node) ? [] : instead.get(node) ?? [node]);
  return instead.size;
}
