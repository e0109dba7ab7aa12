/** On which resolution level of the UNet each tensor lies: 0 is the latent grid, every stride-2 step adds one. */

import type { GraphProto, NodeProto } from "onnx-buf";
import { intsAttribute } from "./graph_index.ts";

/**
 * Levels by tensor name, from topology alone: node names differ between exporters, strides do not.
 *
 * The level travels along each node's first input (its data); convolutions and pools with stride 2 go one down,
 * `Resize` and `Upsample` one up.
 * @param source The graph input that lies on level 0, as a rule `sample`.
 */
export function tensorLevels(graph: GraphProto, source: string): ReadonlyMap<string, number> {
  const levels = new Map([[source, 0]]);
  for (const node of graph.node) {
    const from = node.input.map((name) => levels.get(name)).find((level) => level !== undefined);
    if (from === undefined) continue;
    for (const name of node.output) levels.set(name, from + levelChange(node));
  }
  return levels;
}

function levelChange(node: NodeProto): number {
  switch (node.opType) {
    case "Resize":
    case "Upsample":
      return -1;
    case "Conv":
    case "AveragePool":
    case "MaxPool":
      return intsAttribute(node, "strides").some((s) => s > 1) ? 1 : 0;
    default:
      return 0;
  }
}
