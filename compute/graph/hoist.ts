/**
 * Keys and values out of the step: they depend on the prompts alone, so a graph of their own computes them once per
 * generation and the step graph takes them as inputs. Exact: both graphs run the same operators on the same weights.
 */

import type { GraphProto, NodeProto, ValueInfoProto } from "onnx-buf";
import { elementType, valueInfo } from "./emit.ts";
import type { OnnxFile } from "./onnx_file.ts";
import { prune } from "./prune.ts";
import { CONTEXTS, keysOf, type RegionalRewrite, valuesOf } from "./regional_rewrite.ts";
import { UnsupportedGraphError } from "./unsupported.ts";

/** The outcome of {@link hoistKeysAndValues}. */
export interface HoistedGraph {
  /** Takes the contexts, gives out the tensors `names`. Its weights are those of the step graph. */
  readonly projections: OnnxFile;
  /** Inputs of the step graph in place of the contexts: every layer's keys and values, shaped as its form says. */
  readonly names: readonly string[];
}

/**
 * Cuts the keys and values of a rewritten graph off, leaving the step graph in `file`.
 * @param rewrite What {@link rewriteCrossAttention} did to `file`.
 */
export function hoistKeysAndValues(file: OnnxFile, rewrite: RegionalRewrite): HoistedGraph {
  const { graph } = file;
  const contexts = graph.input.find((input) => input.name === CONTEXTS);
  const type = contexts && elementType(contexts);
  if (type === undefined) throw new UnsupportedGraphError(`it has no input "${CONTEXTS}"`);
  const { keyShape, valueShape } = rewrite.form;
  const hoisted = rewrite.layers.flatMap((layer, i): readonly ValueInfoProto[] => [
    valueInfo(keysOf(i), type, keyShape(layer)),
    valueInfo(valuesOf(i), type, valueShape(layer)),
  ]);
  const names = new Set(hoisted.map((info) => info.name));

  const projections = { ...graph, output: [...hoisted], node: [...graph.node] };
  prune(projections);
  projections.input = usedInputs(projections);
  graph.node = graph.node.filter((node: NodeProto) => !node.output.some((name) => names.has(name)));
  prune(graph);
  graph.input = [...usedInputs(graph), ...hoisted];
  return { projections: { ...file, graph: projections }, names: [...names] };
}

function usedInputs(graph: GraphProto): ValueInfoProto[] {
  const read = new Set(graph.node.flatMap((node) => node.input));
  return graph.input.filter((input) => read.has(input.name));
}
