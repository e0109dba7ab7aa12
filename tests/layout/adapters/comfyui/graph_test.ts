/** Files of the editor: subgraphs, reroutes, primitives, set and get nodes, and nodes that it does not send as they are. */

import assert from "node:assert/strict";
import { problemsOf, understood } from "../adapting.ts";
import { imported, node, placed, said, sampled } from "./frame.ts";

/** A node of the editor, with its inputs by name: [link, kind]. */
interface EditorNode {
  readonly id: number;
  readonly type: string;
  readonly mode?: number;
  readonly inputs?: readonly unknown[];
  readonly outputs?: readonly unknown[];
  readonly widgets_values?: unknown;
}

const input = (name: string, type: string, link: number | null, widget = false) => ({
  ...{ name, type, link },
  ...(widget ? { widget: { name } } : {}),
});
const output = (type: string) => ({ name: type, type });

/** Links [id, from, slot, to, slot, kind] from what nodes ask for by `link: 100 * from + slot`, made unique. */
function editor(nodes: readonly EditorNode[], more: Readonly<Record<string, unknown>> = {}): unknown {
  const links: unknown[] = [];
  const linked = nodes.map((own) => ({
    mode: 0,
    ...own,
    inputs: (own.inputs ?? []).map((entry, slot) => {
      const { link, ...rest } = entry as { link: number | null; type: string };
      if (link === null) return { ...rest, link };
      links.push([links.length + 1, Math.floor(link / 100), link % 100, own.id, slot, rest.type]);
      return { ...rest, link: links.length };
    }),
  }));
  return { nodes: linked, links, version: 0.4, ...more };
}

const COND = "CONDITIONING";
const encode = (id: number, text: string, mode = 0): EditorNode => ({
  ...{ id, type: "CLIPTextEncode", mode },
  inputs: [input("clip", "CLIP", null)],
  outputs: [output(COND)],
  widgets_values: [text],
});
const area = (id: number, from: number, x: number, mode = 0): EditorNode => ({
  ...{ id, type: "ConditioningSetArea", mode },
  inputs: [input("conditioning", COND, 100 * from)],
  outputs: [output(COND)],
  widgets_values: [384, 512, x, 0, 1],
});
const combine = (id: number, a: number, b: number, mode = 0): EditorNode => ({
  ...{ id, type: "ConditioningCombine", mode },
  inputs: [input("conditioning_1", COND, 100 * a), input("conditioning_2", COND, 100 * b)],
  outputs: [output(COND)],
});
const latent: EditorNode = {
  ...{ id: 90, type: "EmptyLatentImage" },
  outputs: [output("LATENT")],
  widgets_values: [768, 512, 1],
};
const sampler = (positive: number): EditorNode => ({
  ...{ id: 99, type: "KSampler" },
  inputs: [
    input("model", "MODEL", null),
    input("positive", COND, 100 * positive),
    input("negative", COND, 9800),
    input("latent_image", "LATENT", 9000),
  ],
  outputs: [output("LATENT")],
  widgets_values: [7, "randomize", 20, 6.5, "dpmpp_2m", "karras", 1],
});
const BASE = [encode(98, "blurry"), latent];
const HALVES = [encode(1, "red fox"), area(2, 1, 0), encode(3, "blue owl"), area(4, 3, 384), combine(5, 2, 4)];
const BOTH = [["red fox", [0, 0, 0.5, 1]], ["blue owl", [0.5, 0, 0.5, 1]]];

Deno.test("editor: widgets are settings by their order, past what becomes of the seed", () => {
  const adaptation = imported(editor([...BASE, ...HALVES, sampler(5)]));
  assert.deepEqual(placed(understood(adaptation).layout), BOTH);
  assert("settings" in adaptation);
  assert.deepEqual(adaptation.settings, {
    ...{ steps: 20, seed: 7, guidanceScale: 6.5, sampler: "dpmpp_2m", schedule: "karras", width: 768, height: 512 },
  });
  assert.deepEqual(said(adaptation), []);
});

Deno.test("editor: muted nodes are left out, and all of them are named with their texts", () => {
  const muted = [encode(1, "red fox"), area(2, 1, 0), encode(3, "blue owl", 2), area(4, 3, 384, 2), combine(5, 2, 4)];
  const adaptation = imported(editor([...BASE, ...muted, sampler(5)]));
  assert.deepEqual(placed(understood(adaptation).layout), [BOTH[0]]);
  assert.deepEqual(said(adaptation), [
    "NODE_MUTED 4: ConditioningSetArea is muted, so it was left out: width 384, height 512, x 384, strength 1".replace(
      "x 384,",
      "x 384, y 0,",
    ),
    'NODE_MUTED 3: CLIPTextEncode is muted, so it was left out: text "blue owl"',
  ]);
  assert.match(problemsOf(imported(editor([...BASE, encode(1, "x", 2), sampler(1)])))[0] ?? "", /not left out/);
});

Deno.test("editor: a bypassed node hands on its input of the output's kind, and the message says so", () => {
  const bypassed = [encode(1, "red fox"), area(2, 1, 0, 4), encode(3, "blue owl"), area(4, 3, 384), combine(5, 2, 4)];
  const adaptation = imported(editor([...BASE, ...bypassed, sampler(5)]));
  assert.deepEqual(placed(understood(adaptation).layout), [["red fox", [0, 0, 1, 1]], BOTH[1]]);
  assert.match(said(adaptation)[0] ?? "", /^NODE_BYPASSED 2: ConditioningSetArea is bypassed, so it hands on its cond/);
  const text = imported(editor([...BASE, encode(1, "red fox"), encode(3, "owl", 4), combine(5, 1, 3), sampler(5)]));
  assert.equal(understood(text).layout.basePrompt, "red fox");
  assert.match(said(text)[0] ?? "", /^NODE_BYPASSED 3: CLIPTextEncode is bypassed and gets nothing.*text "owl"/);
  // Of a combination, the input of the same place as the output.
  const combined = imported(editor([...BASE, encode(1, "red fox"), encode(3, "owl"), combine(5, 1, 3, 4), sampler(5)]));
  assert.equal(understood(combined).layout.basePrompt, "red fox");
  assert.match(said(combined)[1] ?? "", /text "owl"/);
});

Deno.test("editor: reroutes, primitives, set and get nodes are looked through", () => {
  const nodes: EditorNode[] = [
    ...[...BASE, { id: 20, type: "PrimitiveNode", outputs: [output("STRING")], widgets_values: ["red fox", "fixed"] }],
    {
      ...{ id: 1, type: "CLIPTextEncode", widgets_values: ["stale"], outputs: [output(COND)] },
      inputs: [input("clip", "CLIP", null), input("text", "STRING", 2000, true)],
    },
    { id: 21, type: "Reroute", inputs: [input("", "*", 100)], outputs: [output(COND)] },
    { id: 22, type: "SetNode", inputs: [input(COND, COND, 2100)], outputs: [output("*")], widgets_values: ["fox"] },
    { id: 23, type: "GetNode", outputs: [output(COND)], widgets_values: ["fox"] },
  ];
  const adaptation = imported(editor([...nodes, sampler(23)]));
  assert.equal(understood(adaptation).layout.basePrompt, "red fox");
  assert.deepEqual(said(adaptation), []);
});

/** A subgraph of an encoder and an area: a text and a number from outside, one conditioning back. */
const DEFINITIONS = {
  subgraphs: [{
    id: "f00d",
    name: "Place",
    inputs: [{ name: "text", type: "STRING" }, { name: "x", type: "INT" }],
    outputs: [{ name: COND, type: COND }],
    nodes: [
      {
        ...{ id: 1, type: "CLIPTextEncode", mode: 0, widgets_values: ["inner words"], outputs: [output(COND)] },
        inputs: [input("text", "STRING", 1, true)],
      },
      {
        ...{
          id: 2,
          type: "ConditioningSetArea",
          mode: 0,
          widgets_values: [384, 512, 0, 0, 1],
          outputs: [output(COND)],
        },
        inputs: [input("conditioning", COND, 2), input("x", "INT", 3, true)],
      },
    ],
    links: [
      { id: 1, origin_id: -10, origin_slot: 0, target_id: 1, target_slot: 0, type: "STRING" },
      { id: 2, origin_id: 1, origin_slot: 0, target_id: 2, target_slot: 0, type: COND },
      { id: 3, origin_id: -10, origin_slot: 1, target_id: 2, target_slot: 1, type: "INT" },
      { id: 4, origin_id: 2, origin_slot: 0, target_id: -20, target_slot: 0, type: COND },
    ],
  }],
};

Deno.test("editor: subgraphs stand for their nodes, with what is connected outside, else with what stands inside", () => {
  const nodes: EditorNode[] = [
    ...[...BASE, { id: 30, type: "PrimitiveString", outputs: [output("STRING")], widgets_values: ["red fox"] }],
    { id: 31, type: "PrimitiveInt", outputs: [output("INT")], widgets_values: [384, "fixed"] },
    {
      ...{ id: 7, type: "f00d", outputs: [output(COND)] },
      inputs: [input("text", "STRING", 3000), input("x", "INT", null)],
    },
    {
      ...{ id: 8, type: "f00d", outputs: [output(COND)] },
      inputs: [input("text", "STRING", null), input("x", "INT", 3100)],
    },
    combine(5, 7, 8),
    sampler(5),
  ];
  const adaptation = imported(editor(nodes, { definitions: DEFINITIONS }));
  assert.deepEqual(placed(understood(adaptation).layout), [
    ["red fox", [0, 0, 0.5, 1]],
    ["inner words", [0.5, 0, 0.5, 1]],
  ]);
  assert.deepEqual(said(adaptation), []);
  const muted = nodes.map((own) => own.id === 8 ? { ...own, mode: 2 } : own);
  const without = imported(editor(muted, { definitions: DEFINITIONS }));
  assert.deepEqual(placed(understood(without).layout), [BOTH[0]]);
  assert.match(said(without).join("\n"), /NODE_MUTED 8: subgraph Place is muted[^]*"inner words"/);
});

Deno.test("editor: subgraphs that hold themselves are a problem", () => {
  const [place] = DEFINITIONS.subgraphs;
  const definitions = {
    subgraphs: [{ ...place, nodes: [1, 2, 3].map((id) => ({ id, type: "f00d", mode: 0, inputs: [], outputs: [] })) }],
  };
  const nodes = [...BASE, { id: 8, type: "f00d", outputs: [output(COND)] }, sampler(8)];
  assert.match(
    problemsOf(imported(editor(nodes, { definitions })))[0] ?? "",
    /at most 2000 nodes in subgraphs, at most 16 deep/,
  );
});

Deno.test("a switch whose position nobody knows names the node that sets it", () => {
  const nodes = {
    w: node("SomeWriter", { words: ["1", 0], seed: ["1", 0] }),
    sw: node("ImpactSwitch", { select: ["w", 0], input1: ["1", 0], input2: ["1", 0] }),
  };
  const adaptation = imported(sampled({ model: ["sw", 0], positive: ["a", 0] }, nodes));
  assert("warnings" in adaptation);
  const named = new Set(adaptation.warnings.map(({ path }) => path[2]));
  assert(named.has("w") && named.has("sw"), JSON.stringify([...named]));
});

Deno.test("inputs may have any name", () => {
  for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
    // Of a node that is not known, and of one that is read.
    const unknown = { u: node("SomeModel", { ...Object.fromEntries([[name, "a word"]]), model: ["1", 0] }) };
    const sampler = Object.fromEntries([["model", ["u", 0]], ["positive", ["a", 0]], [name, "another"]]);
    const adaptation = imported(sampled(sampler, unknown));
    assert("warnings" in adaptation);
    const told = JSON.stringify(adaptation.warnings);
    assert(told.includes("a word") && told.includes("another"), `${name}: ${told}`);
  }
});
