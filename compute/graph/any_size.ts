/**
 * Letting a stock UNet run latents of any size.
 *
 * Exporters freeze each 2x upsampling as a constant factor, so a level of odd size fails where it meets its skip
 * connection. Here every such `Resize` takes its target size from the skip connection it is joined with, as the UNet
 * itself does (`upsample_size` in diffusers' `UNet2DConditionModel.forward`).
 */

import type { NodeProto, TensorProto } from "onnx-buf";
import { integers, node } from "./emit.ts";
import { GraphIndex } from "./graph_index.ts";
import type { OnnxFile } from "./onnx_file.ts";

/** Rewrites `file.graph` in place; returns how many upsamplings now follow their skip connection. */
export function followSkipConnections(file: OnnxFile): number {
  const { graph } = file;
  const index = new GraphIndex(graph);
  const before = new Map<NodeProto, readonly NodeProto[]>();
  const initializers: TensorProto[] = [];
  for (const resize of graph.node) {
    // Inputs: X, roi, scales, sizes. Only the frozen form has scales.
    if (resize.opType !== "Resize" || !resize.input[2]) continue;
    const skip = skipConnection(index, resize);
    const maker = skip === undefined ? undefined : index.producer(skip);
    if (skip === undefined || maker === undefined || index.position(maker) > index.position(resize)) continue;

    const prefix = `any_size.${before.size}`;
    const name = (part: string) => `${prefix}/${part}`;
    const x = resize.input[0] ?? "";
    initializers.push(integers(name("zero"), [0]), integers(name("two"), [2]), integers(name("four"), [4]));
    before.set(resize, [
      node("Shape", [x], [name("own")]),
      node("Shape", [skip], [name("skip")]),
      node("Slice", [name("own"), name("zero"), name("two")], [name("batch_channels")]),
      node("Slice", [name("skip"), name("two"), name("four")], [name("height_width")]),
      node("Concat", [name("batch_channels"), name("height_width")], [name("sizes")], { axis: 0 }),
    ]);
    resize.input = [x, resize.input[1] ?? "", "", name("sizes")];
  }
  graph.initializer.push(...initializers);
  graph.node = graph.node.flatMap((n) => [...(before.get(n) ?? []), n]);
  return before.size;
}

/** The other input of the Concat that an upsampled tensor enters after its convolution. */
function skipConnection(index: GraphIndex, resize: NodeProto): string | undefined {
  let tensor = resize.output[0] ?? "";
  for (;;) {
    const [reader] = index.dataReaders(tensor);
    if (reader === undefined) return undefined;
    if (reader.opType === "Concat") return reader.input.find((input) => input !== tensor);
    if (reader.opType !== "Conv" && reader.opType !== "Cast" && reader.opType !== "Identity") return undefined;
    tensor = reader.output[0] ?? "";
  }
}
