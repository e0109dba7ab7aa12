/**
 * Keys and values out of the step: they depend on the prompts alone, so a graph of their own computes them once per
 * generation and the step graph takes them as inputs. Exact: both graphs run the same operators on the same weights.
 */

import type { NodeProto, ValueInfoProto } from "onnx-buf";
import { elementType, valueInfo } from "./emit.ts";
import type { OnnxFile } from "./onnx_file.ts";
import { prune } from "./prune.ts";
import { keysOf, REGIONAL_INPUTS, type RegionalRewrite, valuesOf } from "./regional_rewrite.ts";
import { UnsupportedGraphError } from "./unsupported.ts";

/** The outcome of {@link hoistKeysAndValues}. */
export interface HoistedGraph {
  /** Takes the contexts, gives out the tensors `names`. Its weights are those of the step graph. */
  readonly projections: OnnxFile;
  /** Inputs of the step graph in place of the contexts: by layer, keys [B, R, H, d, T] and values [B, R, H, T, d]. */
  readonly names: readonly string[];
}

/**
 * Cuts the keys and values of a rewritten graph off, leaving the step graph in `file`.
 * @param rewrite What {@link rewriteCrossAttention} did to `file`.
 */
export function hoistKeysAndValues(file: OnnxFile, rewrite: RegionalRewrite): HoistedGraph {
  const { graph } = file;
  const contexts = graph.input.find((input) => input.name === REGIONAL_INPUTS.contexts);
  const type = contexts && elementType(contexts);
  if (contexts === undefined || type === undefined) {
    throw new UnsupportedGraphError(`it has no input "${REGIONAL_INPUTS.contexts}"`);
  }
  const hoisted = rewrite.layers.flatMap(({ heads, width }, i): readonly ValueInfoProto[] => [
    valueInfo(keysOf(i), type, ["batch", "regions", heads, width / heads, "tokens"]),
    valueInfo(valuesOf(i), type, ["batch", "regions", heads, "tokens", width / heads]),
  ]);
  const names = new Set(hoisted.map((info) => info.name));

  const projections = { ...graph, input: [contexts], output: [...hoisted], node: [...graph.node] };
  prune(projections);
  graph.input = [...graph.input.filter((input) => input !== contexts), ...hoisted];
  graph.node = graph.node.filter((node: NodeProto) => !node.output.some((name) => names.has(name)));
  prune(graph);
  return { projections: { ...file, graph: projections }, names: [...names] };
}
