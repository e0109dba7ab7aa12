/** Folding constants changes what the engine has to do, and no number. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { create, fromBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
} from "onnx-buf";
import { integers, node, valueInfo } from "../../../compute/graph/emit.ts";
import { encodeFolded, foldConstants } from "../../../compute/graph/fold_constants.ts";
import { encodeOnnx, type OnnxFile } from "../../../compute/graph/onnx_file.ts";
import { readGraph } from "../../../compute/model/graph_file.ts";
import type { Feed } from "../../../compute/runtime/runtime.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";

const { FLOAT, FLOAT16 } = TensorProto_DataType;
const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
const EMBEDDED = fileURLToPath(new URL("../../../models/beds-256", import.meta.url));

/** Numbers between -1 and 1 that repeat nowhere. */
function noise(dims: readonly number[]): Feed {
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1 + i * i));
  return { dims, data };
}

const FEEDS: Readonly<Record<string, Readonly<Record<string, Feed>>>> = {
  text_encoder: { input_ids: { dims: [1, 77], data: Int32Array.from({ length: 77 }, (_, i) => i) } },
  unet: {
    sample: noise([1, 4, 16, 16]),
    timestep: { dims: [1], data: Float32Array.of(500) },
    encoder_hidden_states: noise([1, 77, 192]),
  },
  vae_decoder: { latent_sample: noise([1, 4, 16, 16]) },
  vae_encoder: { sample: noise([1, 3, 64, 64]) },
};

for (const [part, feeds] of Object.entries(FEEDS)) {
  Deno.test(`the embedded model's ${part} gives the same numbers, bit for bit, with fewer nodes`, async () => {
    const file = readGraph(EMBEDDED, part);
    const before = file.graph.node.length;
    const run = async (graph: ReturnType<typeof encodeOnnx>) => {
      const session = await runtime.createSession(graph);
      const shaped = Object.fromEntries(session.inputs.map(({ name, shape }) => {
        const feed = feeds[name];
        assert.ok(feed, name);
        return [name, shape.length === 0 ? { ...feed, dims: [] } : feed];
      }));
      const outputs = await session.run(shaped);
      await session.release();
      return outputs;
    };
    assert.deepEqual(await run(encodeFolded(file)), await run(encodeOnnx(file)));

    const folded = foldConstants(file).graph.node;
    assert.equal(file.graph.node.length, before, "what was given is left as it was");
    assert.ok(folded.length < before, `${folded.length} of ${before}`);
    assert.equal(folded.filter(({ opType }) => opType === "Constant").length, 0);
  });
}

/** A model with one half-float weight [1.5, -2, 65504, 2^-24], `w`, stored as told. */
function model(nodes: NodeProto[], external: boolean, outputs: readonly string[]): OnnxFile {
  const odd = new Uint8Array(9); // weights lie at any offset
  odd.set(new Uint8Array(Float16Array.of(1.5, -2, 65504, 2 ** -24).buffer), 1);
  const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
  const stored = external
    ? {
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: [entry("location", "weights"), entry("offset", "1"), entry("length", "8")],
    }
    : { rawData: odd.subarray(1) };
  const graph = create(GraphProtoSchema, {
    input: [valueInfo("x", FLOAT, [4])],
    output: outputs.map((name) => valueInfo(name, FLOAT, [4])),
    initializer: [create(TensorProtoSchema, { name: "w", dims: [4n], dataType: FLOAT16, ...stored })],
    node: nodes,
  });
  const opsetImport = [create(OperatorSetIdProtoSchema, { version: 17n })];
  return {
    model: create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }),
    graph,
    bytes: new Uint8Array(),
    external: external ? [{ location: "weights", bytes: odd }] : [],
  };
}

const ADDED = [node("Cast", ["w"], ["wide"], { to: FLOAT }), node("Add", ["x", "wide"], ["y"])];

for (const external of [false, true]) {
  Deno.test(`a weight ${external ? "in a data file" : "inside the model"} is widened exactly`, async () => {
    const file = model(ADDED, external, ["y"]);
    const folded = foldConstants(file);
    assert.deepEqual(folded.graph.node.map(({ opType }) => opType), ["Add"]);
    assert.deepEqual(folded.graph.initializer.map(({ name }) => name), ["wide"], "the halves are not loaded as well");
    const session = await runtime.createSession(encodeOnnx(folded));
    const y = (await session.run({ x: { dims: [4], data: new Float32Array(4) } })).get("y");
    assert.deepEqual(y?.data, Float32Array.of(1.5, -2, 65504, 2 ** -24));
  });
}

Deno.test("large constants go to the engine beside the skeleton, not in it", () => {
  const file = readGraph(EMBEDDED, "unet");
  const { skeleton, weights } = encodeFolded(file);
  assert.ok(skeleton.length < 2 ** 20, `${skeleton.length} bytes`);
  assert.strictEqual(weights[0]?.bytes, file.bytes);
  const graph = fromBinary(ModelProtoSchema, skeleton).graph;
  assert.ok(graph);
  const largest = Math.max(...graph.initializer.map(({ rawData }) => rawData.length));
  assert.ok(largest <= 256, `${largest} bytes`);
});

Deno.test("what is asked for, what a caller may replace and what another type reads stays as it is", () => {
  assert.equal(foldConstants(model(ADDED, false, ["y", "wide"])).graph.node.length, 2, "an output of the graph");

  const replaceable = model(ADDED, false, ["y"]);
  replaceable.graph.input.push(valueInfo("w", FLOAT16, [4]));
  assert.equal(foldConstants(replaceable).graph.node.length, 2, "a default for an input");

  const elsewhere = model([...ADDED, node("Size", ["w"], ["z"])], false, ["y", "z"]);
  assert.deepEqual(foldConstants(elsewhere).graph.initializer.map(({ name }) => name).sort(), ["w", "wide"]);

  const narrowing = model([node("Cast", ["w"], ["y"], { to: TensorProto_DataType.DOUBLE })], false, ["y"]);
  assert.equal(foldConstants(narrowing).graph.node.length, 1, "a cast to another type");
});

Deno.test("a constant becomes an initializer of its own name", () => {
  const value = create(AttributeProtoSchema, {
    name: "value",
    type: AttributeProto_AttributeType.TENSOR,
    t: integers("unnamed", [2, 2]),
  });
  const constant = create(NodeProtoSchema, { opType: "Constant", output: ["shape"], attribute: [value] });
  const { graph } = foldConstants(model([constant, node("Reshape", ["x", "shape"], ["y"])], false, ["y"]));
  assert.deepEqual(graph.node.map(({ opType }) => opType), ["Reshape"]);
  assert.deepEqual(graph.initializer.map(({ name, int64Data }) => [name, int64Data]), [["shape", [2n, 2n]]]);
});

// Exports of more than 2 GB keep larger constants beside the graph too (onnx.save with convert_attribute).
Deno.test("a constant in a data file is read from there", async () => {
  const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
  const t = create(TensorProtoSchema, {
    dims: [4n],
    dataType: FLOAT16,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [entry("location", "weights"), entry("offset", "1"), entry("length", "8")],
  });
  const value = create(AttributeProtoSchema, { name: "value", type: AttributeProto_AttributeType.TENSOR, t });
  const constant = create(NodeProtoSchema, { opType: "Constant", output: ["halves"], attribute: [value] });
  const cast = node("Cast", ["halves"], ["wide"], { to: FLOAT });
  const file = model([constant, cast, node("Add", ["x", "wide"], ["y"])], true, ["y"]);
  const session = await runtime.createSession(encodeFolded(file));
  const y = (await session.run({ x: { dims: [4], data: new Float32Array(4) } })).get("y");
  assert.deepEqual(y?.data, Float32Array.of(1.5, -2, 65504, 2 ** -24));
});
