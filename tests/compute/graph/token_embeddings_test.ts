/** Vectors in the place of tokens: the table's own rows give what their tokens give, bit for bit, in every export. */

import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import { type TensorProto, TensorProto_DataType, TensorProtoSchema } from "onnx-buf";
import { encodeFolded } from "../../../compute/graph/fold_constants.ts";
import { node } from "../../../compute/graph/emit.ts";
import type { OnnxFile } from "../../../compute/graph/onnx_file.ts";
import { EMBEDDING_INPUTS, takeVectors } from "../../../compute/graph/token_embeddings.ts";
import { readGraph } from "../../../compute/model/graph_file.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";
import { MODELS } from "./fixture_graph.ts";

const runtime = createWasmRuntime({ threads: 1, reason: "tests run on WASM" });
const IDS = Int32Array.from({ length: 77 }, (_, t) => t === 0 ? 798 : t > 8 ? 799 : 300 + 7 * t);

/** The token table: the one matrix of 800 rows. */
function tableOf({ graph }: OnnxFile, width: number): TensorProto {
  const [table] = graph.initializer.filter(({ dims }) => Number(dims[0]) === 800 && Number(dims[1]) === width);
  return table ?? assert.fail("no table");
}

async function run(file: OnnxFile, ids: Int32Array, vectors?: Float32Array, places?: Float32Array) {
  const session = await runtime.createSession(encodeFolded(file));
  const width = (vectors?.length ?? 0) / 77;
  const outputs = await session.run({
    input_ids: { dims: [1, 77], data: ids },
    ...(vectors && { [EMBEDDING_INPUTS.vectors]: { dims: [1, 77, width], data: vectors } }),
    ...(places && { [EMBEDDING_INPUTS.places]: { dims: [1, 77, 1], data: places } }),
  });
  await session.release();
  return new Map([...outputs].map(([name, { data }]) => [name, data]));
}

const ENCODERS: readonly (readonly [model: string, part: string, width: number])[] = [
  ["tiny-sd15", "text_encoder", 32],
  ["tiny-sd21", "text_encoder", 40],
  ["tiny-turbo", "text_encoder", 40],
  ["tiny-lcm", "text_encoder", 32],
  ["tiny-sdxl", "text_encoder", 24],
  ["tiny-sdxl", "text_encoder_2", 40],
];

for (const [model, part, width] of ENCODERS) {
  Deno.test(`${model}/${part}: without vectors as before, with the table's own rows as with their tokens`, async () => {
    const read = () => readGraph(`${MODELS}/${model}`, part);
    const stock = await run(read(), IDS);
    const file = read();
    const table = tableOf(file, width).rawData.slice();
    assert(takeVectors(file, width));
    const nothing = new Float32Array(77 * width).fill(9);
    assert.deepEqual(await run(file, IDS, nothing, new Float32Array(77)), stock);

    const rows = new Float32Array(table.buffer);
    const vectors = new Float32Array(77 * width), places = new Float32Array(77), ids = IDS.slice();
    for (const t of [3, 4, 7]) {
      vectors.set(rows.subarray((IDS[t] ?? 0) * width, ((IDS[t] ?? 0) + 1) * width), t * width);
      places[t] = 1;
      ids[t] = 0;
    }
    assert.deepEqual(await run(file, ids, vectors, places), stock);
    vectors[3 * width] = 5;
    assert.notDeepEqual(await run(file, ids, vectors, places), stock);
  });
}

Deno.test("a table in half floats behind a Cast takes vectors too", async () => {
  const read = () => readGraph(`${MODELS}/tiny-sd15`, "text_encoder");
  const stock = await run(read(), IDS);
  const file = read();
  const table = tableOf(file, 32);
  const halves = Float16Array.from(new Float32Array(table.rawData.slice().buffer));
  const half = create(TensorProtoSchema, {
    name: "half",
    dims: table.dims,
    dataType: TensorProto_DataType.FLOAT16,
    rawData: new Uint8Array(halves.buffer),
  });
  file.graph.initializer = file.graph.initializer.map((tensor) => tensor === table ? half : tensor);
  file.graph.node.unshift(node("Cast", ["half"], [table.name], { to: TensorProto_DataType.FLOAT }));
  assert(takeVectors(file, 32));
  const places = new Float32Array(77);
  places[3] = 1;
  const vectors = new Float32Array(77 * 32);
  vectors.set(halves.subarray((IDS[3] ?? 0) * 32, ((IDS[3] ?? 0) + 1) * 32), 3 * 32);
  const state = (outputs: ReadonlyMap<string, Float32Array>) => outputs.get("last_hidden_state") ?? assert.fail();
  assert(maxDifference(state(await run(file, IDS, vectors, places)), state(stock)) < 1e-2);
});

Deno.test("a graph that looks up no table of the width is left alone", () => {
  const file = readGraph(`${MODELS}/tiny-sd15`, "text_encoder");
  const before = file.graph.input.map(({ name }) => name);
  assert.equal(takeVectors(file, 33), false);
  assert.deepEqual(file.graph.input.map(({ name }) => name), before);
});
