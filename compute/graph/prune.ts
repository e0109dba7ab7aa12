/** Dropping what nothing reads any more after an edit. */

import type { GraphProto, NodeProto } from "onnx-buf";

/** Removes, in place, nodes and initializers that no graph output depends on. */
export function prune(graph: GraphProto): void {
  const needed = new Set(graph.output.map((output) => output.name));
  const kept: NodeProto[] = [];
  for (const node of graph.node.toReversed()) { // nodes are in topological order
    if (!node.output.some((name) => needed.has(name))) continue;
    kept.push(node);
    for (const name of node.input) needed.add(name);
    for (const name of subgraphInputs(node)) needed.add(name);
  }
  graph.node = kept.reverse();
  graph.initializer = graph.initializer.filter((tensor) => needed.has(tensor.name));
}

/** Names that the bodies of control-flow operators may read from outside. */
function subgraphInputs(node: NodeProto): readonly string[] {
  return node.attribute.flatMap((attribute) =>
    (attribute.g?.node ?? []).flatMap((inner) => [...inner.input, ...subgraphInputs(inner)])
  );
}
