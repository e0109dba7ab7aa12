/** Making ONNX nodes: a thin notation over the protobuf messages. */

import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";

/** An attribute value: an integer or a list of integers. */
export type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** One operator call of the default operator set. */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Attributes = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType,
    name: `${outputs[0]}/${opType}`,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) =>
      typeof value === "number"
        ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
        : create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) })
    ),
  });
}

/** An int64 vector initializer, as shapes and axes are. */
export function integers(name: string, values: readonly number[]): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: TensorProto_DataType.INT64,
    dims: [BigInt(values.length)],
    int64Data: values.map(BigInt),
  });
}

/** A scalar initializer of a floating-point type. */
export function scalar(name: string, dataType: TensorProto_DataType, value: number): TensorProto {
  const rawData = dataType === TensorProto_DataType.FLOAT16
    ? new Uint8Array(new Float16Array([value]).buffer)
    : new Uint8Array(new Float32Array([value]).buffer);
  return create(TensorProtoSchema, { name, dataType, dims: [], rawData });
}

/** A graph input or output; symbolic dimensions are strings. */
export function valueInfo(name: string, elemType: number, shape: readonly (string | number)[]): ValueInfoProto {
  const dim = shape.map((d) =>
    typeof d === "number"
      ? { value: { case: "dimValue" as const, value: BigInt(d) } }
      : { value: { case: "dimParam" as const, value: d } }
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType, shape: { dim } } } },
  });
}

/** The element type of a graph input, as `TensorProto_DataType` numbers it; undefined for other kinds of value. */
export function elementType(info: ValueInfoProto): number | undefined {
  return info.type?.value.case === "tensorType" ? info.type.value.value.elemType : undefined;
}
