/** Collecting the nodes and constants of one layer's subgraph under one prefix. */

import type { NodeProto, TensorProto, TensorProto_DataType } from "onnx-buf";
import { type Attributes, integers, node, scalar } from "./emit.ts";

/** A subgraph in the making. Every method returns the name of the tensor it makes. */
export class LayerEmitter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];

  constructor(private readonly prefix: string) {}

  /** The latest node's output: what the subgraph gives out. */
  get output(): string {
    return this.nodes.at(-1)?.output[0] ?? "";
  }

  node(part: string, opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const name = `${this.prefix}/${part}`;
    this.nodes.push(node(opType, inputs, [name], attributes));
    return name;
  }

  integers(part: string, values: readonly number[]): string {
    this.initializers.push(integers(`${this.prefix}/${part}`, values));
    return `${this.prefix}/${part}`;
  }

  scalar(part: string, type: TensorProto_DataType, value: number): string {
    this.initializers.push(scalar(`${this.prefix}/${part}`, type, value));
    return `${this.prefix}/${part}`;
  }
}
