/**
 * The cross-attention rewrite: every cross-attention of a stock UNet becomes a regional one, in one of two forms that
 * give the same numbers.
 */

import { type NodeProto, TensorProto_DataType } from "onnx-buf";
import type { AttentionForm } from "./attention_form.ts";
import { type CrossAttention, findCrossAttention } from "./cross_attention.ts";
import { DENSE } from "./dense_attention.ts";
import { elementType } from "./emit.ts";
import { GraphIndex } from "./graph_index.ts";
import { type OnnxFile, opset } from "./onnx_file.ts";
import { prune } from "./prune.ts";
import { UnsupportedGraphError } from "./unsupported.ts";

/** The input that replaces `encoder_hidden_states`, of its element type; a form adds others. */
export const CONTEXTS = "regional_contexts";

/** The tensor of layer `i`'s keys in a rewritten graph. */
export function keysOf(i: number): string {
  return `${prefixOf(i)}/key`;
}

/** The tensor of layer `i`'s values. */
export function valuesOf(i: number): string {
  return `${prefixOf(i)}/value`;
}

function prefixOf(i: number): string {
  return `regional.${i}`;
}

/** What the rewrite did, and what the caller must feed. */
export interface RegionalRewrite {
  /** Cross-attention layers, in graph order. */
  readonly layers: readonly CrossAttention[];
  /** Levels that need weight maps, ascending. */
  readonly levels: readonly number[];
  readonly form: AttentionForm;
}

/** How the rewrite learns what the graph does not say. */
export interface RegionalRewriteOptions {
  /** Number of heads on a level, from `config.json`. */
  readonly headsAtLevel: (level: number) => number | undefined;
  /** Default: form 1, dense. */
  readonly form?: AttentionForm;
}

const SAMPLE = "sample";
const CONTEXT = "encoder_hidden_states";

/**
 * Rewrites `file.graph` in place.
 * @throws {UnsupportedGraphError} if the graph is not a stock text-conditioned UNet.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseOnnx } from "./onnx_file.ts";
 * import { CONTEXTS, rewriteCrossAttention } from "./regional_rewrite.ts";
 *
 * const file = parseOnnx(Deno.readFileSync("models/beds-256/unet/model.onnx"));
 * const { levels } = rewriteCrossAttention(file, { headsAtLevel: () => undefined });
 * assert.deepEqual(levels, [1, 2]);
 * assert.ok(file.graph.input.some(({ name }) => name === CONTEXTS));
 * ```
 */
export function rewriteCrossAttention(file: OnnxFile, options: RegionalRewriteOptions): RegionalRewrite {
  const { graph } = file;
  const { form = DENSE } = options;
  // Softmax over the last axis alone, and axes as inputs, begin with operator set 13.
  if (opset(file) < 13) throw new UnsupportedGraphError(`operator set ${opset(file)} is older than 13`);
  const context = graph.input.find((input) => input.name === CONTEXT);
  const type = context && elementType(context);
  if (type !== TensorProto_DataType.FLOAT && type !== TensorProto_DataType.FLOAT16) {
    throw new UnsupportedGraphError(`it has no float input "${CONTEXT}"`);
  }

  prune(graph); // exporters leave dead nodes behind that would count as readers
  const index = new GraphIndex(graph);
  const layers = findCrossAttention(index, { sample: SAMPLE, context: CONTEXT, headsAtLevel: options.headsAtLevel });
  const levels = [...new Set(layers.map((layer) => layer.level))].sort((a, b) => a - b);

  const before = new Map<NodeProto, readonly NodeProto[]>();
  layers.forEach((layer, i) => {
    const emitted = form.layer(layer, prefixOf(i), type);
    graph.initializer.push(...emitted.initializers);
    layer.keyProjection.input[0] = CONTEXTS;
    layer.valueProjection.input[0] = CONTEXTS;
    layer.outputProjection.input[0] = emitted.output;
    before.set(layer.outputProjection, emitted.nodes);
  });
  graph.node = graph.node.flatMap((n) => [...(before.get(n) ?? []), n]);

  graph.valueInfo = []; // exporters' notes on shapes, which no longer hold
  graph.input = graph.input.filter((input) => input.name !== CONTEXT).concat(form.inputs(levels, type));
  prune(graph);
  const leftover = graph.node.find((n) => n.input.includes(CONTEXT));
  if (leftover !== undefined) {
    throw new UnsupportedGraphError(`${leftover.opType} "${leftover.name}" reads "${CONTEXT}" outside cross-attention`);
  }
  return { layers, levels, form };
}
