/** Workflows that are as costly as their length allows. */

import { type ApiNode, type ApiNodes, FRAME, node } from "./frame.ts";

/** Nodes that are made one after another until the file is full. */
function filled(length: number, from: ApiNodes, make: (i: number) => ApiNodes, last: (i: number) => ApiNodes): string {
  const nodes: Record<string, ApiNode> = { ...FRAME, ...from };
  let size = JSON.stringify({ ...nodes, ...last(0) }).length, i = 0;
  while (true) {
    const more = make(i);
    size += JSON.stringify(more).length;
    if (size > length) break;
    Object.assign(nodes, more);
    i++;
  }
  return JSON.stringify({ ...nodes, ...last(i - 1) });
}

const positive = (id: string): ApiNodes => {
  const { k } = FRAME;
  return { k: node("KSampler", { ...k?.inputs, positive: [id, 0] }) };
};
const model = (id: string): ApiNodes => {
  const { k } = FRAME;
  return { k: node("KSampler", { ...k?.inputs, model: [id, 0] }) };
};
const twice = (type: string, a: string, b: string, more: Readonly<Record<string, unknown>> = {}) => (i: number) => ({
  [`x${i}`]: node(type, { [a]: [i === 0 ? "a" : `x${i - 1}`, 0], [b]: [i === 0 ? "a" : `x${i - 1}`, 0], ...more }),
});

/** Files of a length by name. */
export function* hostileWorkflows(length: number): Generator<readonly [string, string]> {
  const chain = (type: string, input: string, more: Readonly<Record<string, unknown>> = {}) => (i: number) => ({
    [`x${i}`]: node(type, { [input]: [i === 0 ? "a" : `x${i - 1}`, 0], ...more }),
  });
  const end = (i: number) => positive(`x${i}`);
  yield ["a chain of reroutes", filled(length, {}, chain("Reroute", ""), end)];
  yield [
    "a chain of areas",
    filled(length, {}, chain("ConditioningSetAreaStrength", "conditioning", { strength: 1 }), end),
  ];
  yield ["a chain of unknown nodes", filled(length, {}, chain("Mystery", "conditioning", { word: "w" }), end)];
  yield [
    "combinations of themselves",
    filled(length, {}, twice("ConditioningCombine", "conditioning_1", "conditioning_2"), end),
  ];
  yield [
    "concatenations of themselves",
    filled(length, {}, twice("ConditioningConcat", "conditioning_to", "conditioning_from"), end),
  ];
  yield [
    "averages of themselves",
    filled(length, {}, twice("ConditioningAverage", "conditioning_to", "conditioning_from"), end),
  ];
  const words = { a: node("PrimitiveString", { value: "fox" }) };
  const encoded = (i: number) => ({
    e: node("CLIPTextEncode", { text: [`x${i}`, 0], clip: ["1", 1] }),
    ...positive("e"),
  });
  yield [
    "texts joined with themselves",
    filled(length, words, twice("StringConcatenate", "string_a", "string_b", { delimiter: "" }), encoded),
  ];
  const replaced = twice("StringReplace", "string", "replace", { find: "f" });
  yield ["texts replaced by themselves", filled(length, words, replaced, encoded)];
  const rerouted = (i: number): ApiNodes =>
    i < 500 ? { [`r${i}`]: node("Reroute", { "": [i === 0 ? "a" : `r${i - 1}`, 0] }) } : {
      [`x${i}`]: node("StringConcatenate", { string_a: ["r499", 0], string_b: [i === 500 ? "a" : `x${i - 1}`, 0] }),
    };
  yield ["texts through a chain of reroutes", filled(length, words, rerouted, encoded)];
  const seeds = (i: number): ApiNodes => ({
    [`x${i}`]: node("SimpleMath+", { value: "a+b", a: [`x${i - 1}`, 0], b: [`x${i - 1}`, 0] }),
  });
  const { k } = FRAME;
  yield [
    "a seed that is never known",
    filled(length, {}, seeds, (i) => ({ k: node("KSampler", { ...k?.inputs, seed: [`x${i}`, 0] }) })),
  ];
  const masks = {
    x0: node("SolidMask", { value: 0, width: 1000, height: 1000 }),
    m: node("SolidMask", { value: 0.3, width: 9, height: 9 }),
  };
  const drawn = (i: number): ApiNodes =>
    i === 0 ? {} : {
      [`x${i}`]: node("MaskComposite", {
        destination: [`x${i - 1}`, 0],
        source: ["m", 0],
        x: i * 37 % 900,
        y: i * 61 % 900,
        operation: "add",
      }),
    };
  const masked = (i: number) => ({
    e: node("ConditioningSetMask", { conditioning: ["a", 0], mask: [`x${i}`, 0], strength: 1 }),
    ...positive("e"),
  });
  yield ["a mask of many rectangles", filled(length, masks, drawn, masked)];
  const growing = (i: number): ApiNodes =>
    i < 25 ? drawn(i) : {
      [`x${i}`]: node("GrowMask", { mask: [`x${i - 1}`, 0], expand: i % 2 === 0 ? 1 : -1, tapered_corners: false }),
    };
  yield ["a mask that grows and shrinks", filled(length, masks, growing, masked)];
  const areas = (i: number): ApiNodes => ({
    [`y${i}`]: node("ConditioningSetMask", { conditioning: ["a", 0], mask: [`x${Math.min(i, 24)}`, 0], strength: 1 }),
    [`z${i}`]: node("ConditioningCombine", {
      conditioning_1: [i === 0 ? "a" : `z${i - 1}`, 0],
      conditioning_2: [`y${i}`, 0],
    }),
    ...(i < 25 ? drawn(i) : {}),
  });
  yield ["many masked prompts", filled(length, masks, areas, (i) => positive(`z${Math.min(i, 250)}`))];
  const tree = (i: number): ApiNodes => {
    const from = (k: number) => k <= 1 ? ["m", "x0"][k] : `x${k}`;
    const [destination, source] = [[from(i - 1 - (i % 7)), 0], [from(i >> 1), 0]];
    return i < 2 ? {} : {
      [`x${i}`]: node("MaskComposite", {
        destination: i > 8 ? destination : ["x0", 0],
        source,
        x: i * 37 % 900,
        y: i * 61 % 900,
        operation: "add",
      }),
    };
  };
  const all = (i: number) => ({
    ...Object.fromEntries(Array.from({ length: 200 }, (_, j) => [
      `y${j}`,
      node("ConditioningSetMask", { conditioning: ["a", 0], mask: [`x${Math.max(2, i - j)}`, 0], strength: 1 }),
    ])),
    e: node(
      "CombineConditionings",
      Object.fromEntries(Array.from({ length: 200 }, (_, j) => [`conditioning${j}`, [`y${j}`, 0]])),
    ),
    ...positive("e"),
  });
  yield ["a tree of masks", filled(length, masks, tree, all)];
  yield [
    "many samplers",
    filled(
      length,
      {},
      (i) => ({ [`x${i}`]: node("KSampler", { positive: ["a", 0], latent_image: ["l", 0] }) }),
      () => ({}),
    ),
  ];
  const regions = (i: number): ApiNodes => ({
    [`x${i}`]: node("CombineRegionalPrompts", i === 0 ? {} : { r1: [`x${i - 1}`, 0], r2: [`x${i - 1}`, 0] }),
  });
  yield [
    "regional prompts of themselves",
    filled(length, {}, regions, (i) => ({ k: node("KSampler", { ...k?.inputs, regional_prompts: [`x${i}`, 0] }) })),
  ];
  const couples = (i: number): ApiNodes => ({
    [`x${i}`]: node("AttentionCoupleRegions", { region_1: [`x${i - 1}`, 0], region_2: [`x${i - 1}`, 0] }),
  });
  yield [
    "attention regions of themselves",
    filled(
      length,
      {},
      couples,
      (i) => ({ q: node("ETN_AttentionMask", { model: ["1", 0], regions: [`x${i}`, 0] }), ...model("q") }),
    ),
  ];
  yield [
    "a line of model changes",
    filled(
      length,
      {},
      (i) => ({ [`x${i}`]: node("FreeU", { model: [i === 0 ? "1" : `x${i - 1}`, 0] }) }),
      (i) => model(`x${i}`),
    ),
  ];
  const pipes = (i: number): ApiNodes => ({ [`x${i}`]: node("Context (rgthree)", { base_ctx: [`x${i - 1}`, 0] }) });
  yield [
    "a chain of pipes",
    filled(
      length,
      {},
      pipes,
      (i) => ({ k: node("KSampler", { ...k?.inputs, positive: [`x${i}`, 4], negative: [`x${i}`, 5] }) }),
    ),
  ];
  const long = "(".repeat(length - JSON.stringify(FRAME).length);
  yield ["one long text", JSON.stringify({ ...FRAME, b: node("CLIPTextEncode", { text: long, clip: ["1", 1] }) })];
  yield ["brackets of JSON", "[".repeat(length)];
  yield [
    "a value of many brackets",
    JSON.stringify({ ...FRAME, b: 0 }).replace(
      '"b":0',
      `"b":{"class_type":"X","inputs":{"y":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`,
    ),
  ];
  yield [
    "many inputs",
    JSON.stringify({
      ...FRAME,
      b: node("Mystery", Object.fromEntries(Array.from({ length: length / 12 }, (_, i) => [`i${i}`, ["a", 0]]))),
    }),
  ];
  yield ["subgraphs in subgraphs", subgraphs()];
  yield ["old editor files", editorChain(length)];
}

/** Each level holds two of the next: 2^16 nodes. */
function subgraphs(): string {
  const levels = Array.from({ length: 16 }, (_, i) => ({
    ...{ id: `s${i}`, name: `s${i}`, inputs: [], outputs: [{ name: "c" }] },
    nodes: [1, 2].map((id) => ({
      id,
      type: i === 15 ? "CLIPTextEncode" : `s${i + 1}`,
      inputs: [],
      widgets_values: ["fox"],
    })),
    links: [{ id: 1, origin_id: 1, origin_slot: 0, target_id: -20, target_slot: 0 }],
  }));
  return JSON.stringify({
    nodes: [{ id: 1, type: "s0", inputs: [] }, { id: 2, type: "KSampler", inputs: [{ name: "positive", link: 1 }] }],
    links: [[1, 1, 0, 2, 0, "CONDITIONING"]],
    definitions: { subgraphs: levels },
  });
}

/** Bypassed nodes one behind the other, without types of outputs. */
function editorChain(length: number): string {
  const nodes: unknown[] = [{ id: 0, type: "CLIPTextEncode", mode: 0, widgets_values: ["fox"] }], links: unknown[] = [];
  for (let i = 1; i * 115 < length; i++) {
    nodes.push({ id: i, type: "Mystery", mode: 4, inputs: [{ name: "c", link: i }], widgets_values: ["word"] });
    links.push([i, i - 1, 0, i, 0, "CONDITIONING"]);
  }
  links.push([0, nodes.length - 1, 0, -1, 0, "CONDITIONING"]);
  nodes.push({ id: -1, type: "KSampler", mode: 0, inputs: [{ name: "positive", link: 0 }] });
  return JSON.stringify({ nodes, links });
}
