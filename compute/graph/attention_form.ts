/** What a form of regional attention is: its inputs and the subgraph it puts in a layer's place. */

import type { TensorProto_DataType, ValueInfoProto } from "onnx-buf";
import type { CrossAttention } from "./cross_attention.ts";
import type { LayerEmitter } from "./layer_emitter.ts";

/**
 * The input with what the values of each token of a context are multiplied by: 1, or -1 for words of negative weight,
 * whose keys stay as they are. In the dense form [B, R, T, 1], in the gathered one [R, T, 1].
 */
export const VALUE_SIGNS = "regional_value_signs";

/** A graph dimension: a size, or the name of one that is only known at run time. */
export type Dimension = number | string;

/** One way to compute regional attention. All forms give the same numbers. */
export interface AttentionForm {
  /** The graph inputs that replace the text context, `regional_contexts` first. */
  readonly inputs: (levels: readonly number[], type: TensorProto_DataType) => readonly ValueInfoProto[];
  /** The shape of a layer's `key` tensor. */
  readonly keyShape: (layer: CrossAttention) => readonly Dimension[];
  /** The shape of a layer's `value` tensor. */
  readonly valueShape: (layer: CrossAttention) => readonly Dimension[];
  /**
   * The subgraph from queries, keys and values to what the output projection [B, N, C] reads. It names the tensors
   * `key` and `value`, which depend on contexts alone.
   */
  readonly layer: (layer: CrossAttention, prefix: string, type: TensorProto_DataType) => LayerEmitter;
}
