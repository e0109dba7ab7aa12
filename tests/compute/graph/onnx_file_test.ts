/** Weights stay where they were read; the skeleton around them is small. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
} from "onnx-buf";
import { encodeOnnx, type ExternalWeights, parseOnnx } from "../../../compute/graph/onnx_file.ts";
import { rewriteCrossAttention } from "../../../compute/graph/regional_rewrite.ts";
import { UnsupportedGraphError } from "../../../compute/graph/unsupported.ts";
import { ModelFolderError } from "../../../compute/model/config.ts";
import { readGraph } from "../../../compute/model/graph_file.ts";
import { unetGraph } from "./fixture_graph.ts";

/** The bytes of every initializer, wherever they lie. */
function weightsOf(graph: GraphProto, files: readonly ExternalWeights[]): Map<string, Uint8Array> {
  return new Map(graph.initializer.map((tensor) => {
    const value = (key: string) => tensor.externalData.find((entry) => entry.key === key)?.value;
    const location = value("location");
    if (location === undefined) return [tensor.name, tensor.rawData];
    const file = files.find((f) => f.location === location);
    assert(file, `no file ${location}`);
    const offset = Number(value("offset") ?? 0);
    return [tensor.name, file.bytes.subarray(offset, offset + Number(value("length")))];
  }));
}

for (const model of ["tiny-sd15", "tiny-sd15-external", "tiny-sd15-fp16"]) {
  Deno.test(`rewriting ${model} copies no weights: its skeleton points into the bytes that were read`, () => {
    const file = unetGraph(model);
    const before = weightsOf(file.graph, file.external);
    rewriteCrossAttention(file, { headsAtLevel: () => 2 });
    const { skeleton, weights } = encodeOnnx(file);
    assert.strictEqual(weights[0]?.bytes, file.bytes);
    file.external.forEach((own, i) => assert.strictEqual(weights[i + 1], own));

    const decoded = fromBinary(ModelProtoSchema, skeleton).graph;
    assert(decoded);
    let same = 0;
    for (const [name, bytes] of weightsOf(decoded, weights)) {
      const original = before.get(name);
      if (original === undefined) continue; // added by the rewrite
      assert.deepEqual(bytes, original, name);
      same += bytes.length;
    }
    const inline = decoded.initializer.reduce((sum, tensor) => sum + tensor.rawData.length, 0);
    assert(inline < same / 10, `${inline} bytes of weights in the skeleton, ${same} in all`);
  });
}

Deno.test("a skeleton's size does not depend on that of the weights", () => {
  const size = 1 << 20;
  const graph = create(GraphProtoSchema, {
    initializer: [
      create(TensorProtoSchema, {
        name: "w",
        dims: [BigInt(size)],
        dataType: TensorProto_DataType.UINT8,
        rawData: new Uint8Array(size).fill(7),
      }),
    ],
  });
  const bytes = toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, graph }));
  assert(encodeOnnx(parseOnnx(bytes)).skeleton.length < 200);
});

Deno.test("bytes that are no model are refused", () => {
  assert.throws(() => parseOnnx(new TextEncoder().encode("not a model at all")), UnsupportedGraphError);
  assert.throws(() => parseOnnx(new Uint8Array()), /holds no graph/);
});

for (const location of ["../secret", "/etc/passwd", "a/../../b", "..\\secret", ""]) {
  Deno.test(`weights at ${JSON.stringify(location)} are refused`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const initializer = create(TensorProtoSchema, {
        name: "w",
        dims: [1n],
        dataType: TensorProto_DataType.FLOAT,
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: [create(StringStringEntryProtoSchema, { key: "location", value: location })],
      });
      const graph = create(GraphProtoSchema, { initializer: [initializer] });
      await Deno.mkdir(join(folder, "unet"));
      await Deno.writeFile(
        join(folder, "unet", "model.onnx"),
        toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, graph })),
      );
      assert.throws(() => readGraph(folder, "unet"), (error) => {
        assert(error instanceof ModelFolderError);
        assert.match(error.message, /outside the folder/);
        return true;
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("a missing data file is named", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "unet"));
    await Deno.copyFile(
      new URL("../../fixtures/models/tiny-sd15-external/unet/model.onnx", import.meta.url),
      join(folder, "unet", "model.onnx"),
    );
    assert.throws(() => readGraph(folder, "unet"), /model\.onnx_data": the file is missing/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
