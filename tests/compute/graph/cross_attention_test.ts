/** Every cross-attention is found in every export form, and what is none is refused by name. */

import assert from "node:assert/strict";
import { type CrossAttention, findCrossAttention } from "../../../compute/graph/cross_attention.ts";
import { GraphIndex } from "../../../compute/graph/graph_index.ts";
import type { OnnxFile } from "../../../compute/graph/onnx_file.ts";
import { prune } from "../../../compute/graph/prune.ts";
import { rewriteCrossAttention } from "../../../compute/graph/regional_rewrite.ts";
import { UnsupportedGraphError } from "../../../compute/graph/unsupported.ts";
import { fileURLToPath } from "node:url";
import { readGraph } from "../../../compute/model/graph_file.ts";
import { unetGraph } from "./fixture_graph.ts";

function find(file: OnnxFile, headsAtLevel: (level: number) => number | undefined): readonly CrossAttention[] {
  prune(file.graph);
  const search = { sample: "sample", context: "encoder_hidden_states", headsAtLevel };
  return findCrossAttention(new GraphIndex(file.graph), search);
}

interface Expected {
  readonly levels: readonly number[];
  readonly heads: readonly number[];
  /** Channels by level. */
  readonly channels: readonly number[];
}

const SEVEN = [0, 1, 2, 1, 1, 0, 0];
const SD15: Expected = { levels: SEVEN, heads: [2, 2, 2], channels: [12, 16, 20] };
const SD21: Expected = { levels: SEVEN, heads: [2, 2, 3], channels: [16, 16, 24] };
const SDXL: Expected = { levels: [1, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1], heads: [1, 2, 3], channels: [8, 16, 24] };

const forms: readonly (readonly [string, Expected])[] = [
  ["tiny-sd15", SD15],
  ["tiny-sd15-classic", SD15],
  ["tiny-sd15-dynamo", SD15],
  ["tiny-sd15-dynamo-raw", SD15],
  ["tiny-sd15-dynamo23", SD15],
  ["tiny-sd15-anysize", SD15],
  ["tiny-sd15-external", SD15],
  ["tiny-sd15-fp16", SD15],
  ["tiny-lcm", SD15],
  ["tiny-sd21", SD21],
  ["tiny-sd21-classic-fp16", SD21],
  ["tiny-turbo", SD21],
  ["tiny-sdxl", SDXL],
];

for (const [model, { levels, heads, channels }] of forms) {
  Deno.test(`all ${levels.length} cross-attentions of ${model}, in order, on their levels`, () => {
    const layers = find(unetGraph(model), (level) => heads[level]);
    assert.deepEqual(layers.map((layer) => layer.level), levels);
    assert.deepEqual(layers.map((layer) => layer.heads), levels.map((level) => heads[level]));
    assert.deepEqual(layers.map((layer) => layer.width), levels.map((level) => channels[level]));
  });

  Deno.test(`the heads of ${model} stand in the graph or are asked of the config`, () => {
    const asked: number[] = [];
    const layers = find(unetGraph(model), (level) => {
      asked.push(level);
      return heads[level];
    });
    assert(asked.length === 0 || asked.length === layers.length);
    // A config that contradicts the graph has no say.
    if (asked.length === 0) {
      assert.deepEqual(find(unetGraph(model), () => 1).map((layer) => layer.heads), layers.map((layer) => layer.heads));
    }
  });
}

Deno.test("the embedded model has 7 cross-attentions of 4 heads on levels 1 and 2, weights behind Casts", () => {
  const file = readGraph(fileURLToPath(new URL("../../../models/beds-256", import.meta.url)), "unet");
  const layers = find(file, () => undefined);
  assert.equal(layers.length, 7);
  assert.deepEqual(new Set(layers.map((layer) => layer.level)), new Set([1, 2]));
  assert(layers.every((layer) => layer.heads === 4));
});

function refused(file: OnnxFile, ...found: readonly RegExp[]): void {
  assert.throws(() => rewriteCrossAttention(file, { headsAtLevel: () => 2 }), (error) => {
    assert(error instanceof UnsupportedGraphError);
    for (const pattern of found) assert.match(error.message, pattern);
    return true;
  });
}

const COMMAND = /optimum-cli export onnx --model MODEL --task text-to-image FOLDER/;

Deno.test("a fused attention operator is named, with the command that exports without it", () => {
  const file = unetGraph("tiny-sd15-dynamo23");
  for (const node of file.graph.node) {
    if (node.opType !== "Attention") continue;
    node.opType = "MultiHeadAttention";
    node.domain = "com.microsoft";
  }
  refused(file, /MultiHeadAttention/, COMMAND);
});

Deno.test("a packed attention operator of the same name as the standard one is refused", () => {
  const file = unetGraph("tiny-sd15-dynamo23");
  for (const node of file.graph.node) {
    if (node.opType === "Attention") node.domain = "com.microsoft";
  }
  refused(file, /Attention/, COMMAND);
});

for (const operator of ["MatMulNBits", "MatMulInteger"]) {
  Deno.test(`projections quantised to ${operator} are refused`, () => {
    const file = unetGraph("tiny-sd15");
    for (const node of file.graph.node) {
      if (node.opType === "MatMul") node.opType = operator;
    }
    refused(file, new RegExp(operator), COMMAND);
  });
}

Deno.test("operators of one kind of device are refused even where attention is whole", () => {
  const file = unetGraph("tiny-sd15");
  const conv = file.graph.node.find((node) => node.opType === "Conv");
  assert(conv);
  conv.opType = "NhwcConv";
  conv.domain = "com.microsoft";
  refused(file, /NhwcConv/, COMMAND);
});

Deno.test("an unknown operator between key and query is named", () => {
  const file = unetGraph("tiny-sd15");
  const softmax = file.graph.node.find((node) => node.opType === "Softmax" && node.name.includes("attn2"));
  assert(softmax);
  softmax.opType = "Sigmoid";
  refused(file, /Sigmoid/, COMMAND);
});

Deno.test("a graph without a text context is refused", () => {
  const file = unetGraph("tiny-sd15");
  for (const input of file.graph.input) {
    if (input.name === "encoder_hidden_states") input.name = "something_else";
  }
  refused(file, /no float input "encoder_hidden_states"/);
});

Deno.test("operator sets before 13 are refused", () => {
  const file = unetGraph("tiny-sd15");
  for (const entry of file.model.opsetImport) entry.version = 12n;
  refused(file, /operator set 12/);
});
