/** Workflows of public reports: nothing of them gets lost without a word, and what can be evaluated is. */

import assert from "node:assert/strict";
import { readComfyWorkflow } from "../../../../layout/adapters/comfyui/workflow.ts";
import { problemsOf, understood } from "../adapting.ts";
import { type ApiNode, type ApiNodes, encode, HALVES, imported, node, placed, said, sampled } from "./frame.ts";

const BOTH = [["red fox", [0, 0, 0.5, 1]], ["blue owl", [0.5, 0, 0.5, 1]]];

const COUPLES: Readonly<Record<string, ApiNodes>> = {
  "AttentionCouplePPM": {
    ac: node("AttentionCouplePPM", {
      ...{ model: ["1", 0], base_cond: ["b", 0] },
      ...{ cond_1: ["a", 0], mask_1: ["ml", 0], cond_2: ["c", 0], mask_2: ["mr", 0] },
    }),
  },
  "AttentionCouple|cgem156, regions": {
    r1: node("AttentionCoupleRegion|cgem156", { cond: ["a", 0], mask: ["ml", 0], weight: 1 }),
    r2: node("AttentionCoupleRegion|cgem156", { regions: ["r1", 0], cond: ["c", 0], mask: ["mr", 0], weight: 1 }),
    ac: node("AttentionCouple|cgem156", { model: ["1", 0], regions: ["r2", 0], base_mask: ["m0", 0] }),
  },
  "AttentionCouple|cgem156, conditionings": {
    ac: node("AttentionCouple|cgem156", {
      ...{ model: ["1", 0], base_mask: ["m0", 0] },
      ...{ cond_1: ["a", 0], mask_1: ["ml", 0], cond_2: ["c", 0], mask_2: ["mr", 0] },
    }),
  },
  "ETN_AttentionMask": {
    bg: node("ETN_BackgroundRegion", { conditioning: ["b", 0] }),
    d1: node("ETN_DefineRegion", { mask: ["ml", 0], conditioning: ["a", 0], regions: ["bg", 0] }),
    d2: node("ETN_DefineRegion", { mask: ["mr", 0], conditioning: ["c", 0], regions: ["d1", 0] }),
    ac: node("ETN_AttentionMask", { model: ["1", 0], regions: ["d2", 0] }),
  },
};

for (const [name, nodes] of Object.entries(COUPLES)) {
  Deno.test(`attention couple: the regions of ${name}`, () => {
    const adaptation = imported(sampled({ model: ["ac", 0] }, HALVES, nodes));
    const { layout } = understood(adaptation);
    assert.deepEqual([layout.basePrompt, layout.negativePrompt, layout.aspect], ["meadow", "blurry", 1.5]);
    assert.deepEqual(placed(layout), BOTH);
    assert.deepEqual(said(adaptation), []);
  });
}

Deno.test("attention couple: the masked prompts that Attention couple takes beside the model", () => {
  const masked = (cond: string, mask: string) =>
    node("ConditioningSetMask", { conditioning: [cond, 0], mask: [mask, 0], strength: 1, set_cond_area: "default" });
  const adaptation = imported(sampled({ model: ["ac", 0], positive: ["ac", 1], negative: ["ac", 2] }, HALVES, {
    ...{ s1: masked("a", "ml"), s2: masked("c", "mr") },
    cc: node("ConditioningCombine", { conditioning_1: ["s1", 0], conditioning_2: ["s2", 0] }),
    ac: node("Attention couple", { model: ["1", 0], positive: ["cc", 0], negative: ["n", 0], mode: "Attention" }),
  }));
  const { layout } = understood(adaptation);
  assert.deepEqual([placed(layout), layout.negativePrompt, said(adaptation)], [BOTH, "blurry", []]);
});

Deno.test("attention couple: weights, a base that takes part, and a prompt that regions stand in for", () => {
  const { layout } = understood(imported(sampled({ model: ["ac", 0] }, HALVES, {
    r1: node("AttentionCoupleRegion|cgem156", { cond: ["a", 0], mask: ["ml", 0], weight: 20 }),
    ac: node("AttentionCouple|cgem156", { model: ["1", 0], regions: ["r1", 0], base_mask: ["mr", 0] }),
  })));
  assert.deepEqual(placed(layout), [["meadow", [0.5, 0, 0.5, 1]], ["red fox", [0, 0, 0.5, 1]]]);
  assert.deepEqual(layout.regions.map(({ weight }) => weight), [1, 20]);
  const other = imported(sampled({ model: ["ac", 0], positive: ["c", 0] }, HALVES, {
    bg: node("ETN_BackgroundRegion", { conditioning: ["b", 0] }),
    d1: node("ETN_DefineRegion", { mask: ["ml", 0], conditioning: ["a", 0], regions: ["bg", 0] }),
    ac: node("ETN_AttentionMask", { model: ["1", 0], regions: ["d1", 0] }),
  }));
  assert.equal(understood(other).layout.basePrompt, "meadow");
  assert.match(said(other)[0] ?? "", /^NODE_UNKNOWN c: the prompt "blue owl" was left out/);
});

Deno.test("regional prompts of Impact and Inspire: a region for each, with the base sampler's prompt between", () => {
  const provider = (prompt: string) => ({
    [`p${prompt}`]: node("ToBasicPipe", {
      ...{ model: ["1", 0], clip: ["1", 1], vae: ["1", 2], positive: [prompt, 0], negative: ["n", 0] },
    }),
    [`s${prompt}`]: node("KSamplerAdvancedProvider", {
      ...{ cfg: 7, sampler_name: "euler", scheduler: "karras", basic_pipe: [`p${prompt}`, 0] },
    }),
  });
  const { k: _, ...nodes } = sampled({}, HALVES, provider("a"), provider("b"), {
    ra: node("RegionalPrompt", { mask: ["ml", 0], advanced_sampler: ["sa", 0] }),
    rc: node("RegionalPromptSimple //Inspire", {
      ...{ basic_pipe: ["pb", 0], mask: ["mr", 0], cfg: 7, sampler_name: "euler", scheduler: "karras" },
      wildcard_prompt: "blue owl",
    }),
    r: node("CombineRegionalPrompts", { regional_prompts1: ["ra", 0], regional_prompts2: ["rc", 0] }),
    z: node("RegionalSampler", {
      ...{ seed: 3, steps: 12, samples: ["l", 0], base_sampler: ["sb", 0], regional_prompts: ["r", 0] },
    }),
  });
  const result = understood(imported(nodes));
  assert.deepEqual([result.layout.basePrompt, result.layout.negativePrompt], ["meadow", "blurry"]);
  assert.deepEqual(placed(result.layout), BOTH);
});

Deno.test("unequal strengths, skipped layers and other changes of the model are named, each at its node", () => {
  const adaptation = imported(sampled({ model: ["fu", 0], positive: ["a", 0] }, {
    lo: node("LoraLoader", {
      ...{ model: ["1", 0], clip: ["1", 1], lora_name: "x.safetensors", strength_model: 0.8, strength_clip: 1 },
    }),
    fu: node("FreeU_V2", { model: ["lo", 0], b1: 1.3, b2: 1.4, s1: 0.9, s2: 0.2 }),
    sk: node("CLIPSetLastLayer", { clip: ["lo", 1], stop_at_clip_layer: -2 }),
    a: node("CLIPTextEncode", { text: "red fox", clip: ["sk", 0] }),
  }));
  assert.equal(understood(adaptation).layout.basePrompt, "red fox");
  assert.deepEqual(said(adaptation), [
    "SETTING_APPROXIMATED lo: x weighs 0.8 in the UNet and 1 in the text encoders; here it is 0.8 in both",
    "NODE_UNKNOWN fu: what FreeU_V2 does was left out: b1 1.3, b2 1.4, s1 0.9, s2 0.2",
    "NODE_UNKNOWN sk: what CLIPSetLastLayer does was left out: stop_at_clip_layer -2",
  ]);
});

Deno.test("LoRAs on the model's line are the whole picture's, in the order in which they are loaded; others are named", () => {
  const loader = (model: string, name: string, strength: number) =>
    node("LoraLoader", {
      ...{ model: [model, 0], clip: [model, 1], lora_name: name, strength_model: strength, strength_clip: strength },
    });
  const adaptation = imported(sampled({ model: ["of", 0], positive: ["a", 0] }, {
    l1: loader("1", "styles/ink.safetensors", 0.5),
    l2: loader("l1", "clay.safetensors", -1),
    zero: loader("l2", "nothing.safetensors", 0),
    of: node("LoraLoaderModelOnly", { model: ["zero", 0], lora_name: "lcm.safetensors", strength_model: 1 }),
    a: node("CLIPTextEncode", { text: "red fox", clip: ["zero", 1] }),
  }));
  assert("settings" in adaptation);
  assert.deepEqual(adaptation.settings.loras, [
    { name: "ink", weight: 0.5 },
    { name: "clay", weight: -1 },
    { name: "lcm", weight: 1 },
  ]);
  const read = "read are LoRAs by their names on the line of the sampler's model";
  assert.deepEqual(said(adaptation), [
    "SETTING_APPROXIMATED of: lcm weighs 1 in the UNet and 0 in the text encoders; here it is 1 in both",
    `LORA_LEFT_OUT zero: LoraLoader was left out: ${read}: lora_name "nothing.safetensors", strength_model 0, strength_clip 0`,
  ]);
});

Deno.test("texts: nodes that join, replace and cut are evaluated, by values and through links", () => {
  const base = (...nodes: readonly ApiNodes[]) =>
    understood(imported(sampled({ positive: ["a", 0] }, { a: encode(["t", 0]) }, ...nodes))).layout.basePrompt;
  const words = {
    p1: node("PrimitiveString", { value: "red fox" }),
    p2: node("PrimitiveStringMultiline", { value: "in snow" }),
  };
  assert.equal(
    base({ t: node("StringConcatenate", { string_a: "red fox", string_b: "in snow", delimiter: ", " }) }),
    "red fox, in snow",
  );
  assert.equal(
    base(words, { t: node("StringConcatenate", { string_a: ["p1", 0], string_b: ["p2", 0], delimiter: ", " }) }),
    "red fox, in snow",
  );
  assert.equal(base({ t: node("StringReplace", { string: "red ANIMAL", find: "ANIMAL", replace: "fox" }) }), "red fox");
  assert.equal(
    base(words, { t: node("JoinStrings", { string1: ["p1", 0], string2: ["p2", 0], delimiter: " " }) }),
    "red fox in snow",
  );
  // Python: "ab".replace("", "-") is "-a-b-"; "snow fox"[-3:] would be "fox", as is [5:8].
  assert.equal(base({ t: node("StringReplace", { string: "ab", find: "", replace: "-" }) }), "-a-b-");
  assert.equal(base({ t: node("StringSubstring", { string: "snow fox", start: 5, end: 8 }) }), "fox");
  assert.equal(base({ t: node("StringTrim", { string: "  fox ", mode: "Left" }) }), "fox ");
  assert.equal(base({ t: node("CaseConverter", { string: "rED fox", mode: "Title Case" }) }), "Red Fox");
  assert.equal(
    base(words, { t: node("Text Concatenate", { delimiter: ", ", text_b: ["p2", 0], text_a: ["p1", 0] }) }),
    "red fox, in snow",
  );
  assert.equal(
    base(words, {
      t: node("StringFunction|pysssss", {
        ...{ action: "append", tidy_tags: "yes", text_a: ["p1", 0], text_b: "", text_c: "owl" },
      }),
    }),
    "red fox, owl",
  );
});

Deno.test("texts: what cannot be evaluated is a problem at its place", () => {
  const refused = (...nodes: readonly ApiNodes[]) =>
    problemsOf(imported(sampled({ positive: ["a", 0] }, { a: encode(["t", 0]) }, ...nodes)));
  assert.deepEqual(refused({ t: node("AskAModel", { prompt: "a fox" }) }), [
    'input.json.a.text: must be a value, or be connected to nodes whose value can be worked out, got "AskAModel"',
  ]);
  const inner = refused({
    t: node("StringConcatenate", { string_a: ["u", 0], string_b: "x", delimiter: "" }),
    u: node("RegexReplace", { string: "fox", regex_pattern: "(a+)+", replace: "" }),
  });
  assert.match(inner[0] ?? "", /^input\.json\.t\.string_a: must be a value/);
  const regex = refused({ t: node("Text Find and Replace", { text: "fox", find: "f.x", replace: "owl" }) });
  assert.match(regex[0] ?? "", /^input\.json\.t\.find: must be a plain text/);
});

Deno.test("texts: those that double with every node end in a problem, not in memory", () => {
  const joined = Array.from({ length: 20 }, (_, i): [string, ApiNode] => {
    const half = i === 0 ? "red fox" : [`t${i - 1}`, 0];
    return [`t${i}`, node("StringConcatenate", { string_a: half, string_b: half, delimiter: "" })];
  });
  const refused = problemsOf(
    imported(sampled({ positive: ["a", 0] }, Object.fromEntries(joined), { a: encode(["t19", 0]) })),
  );
  assert.match(refused[0] ?? "", /^input\.json\.t13: must make a text of at most 100000 characters, got 114688$/);
});

Deno.test("a prompt that is emptied is empty, and is said to be", () => {
  const adaptation = imported(sampled({ positive: ["a", 0], negative: ["z", 0] }, {
    z: node("ConditioningZeroOut", { conditioning: ["a", 0] }),
  }));
  const { layout } = understood(adaptation);
  assert.deepEqual([layout.basePrompt, layout.negativePrompt], ["red fox", ""]);
  assert.deepEqual(said(adaptation), ['NODE_UNKNOWN z: it empties its prompt "red fox"; "" stands for that']);
});

const AREAS = {
  s1: node("ConditioningSetArea", { conditioning: ["a", 0], width: 384, height: 512, x: 0, y: 0, strength: 1 }),
  s2: node("ConditioningSetArea", { conditioning: ["c", 0], width: 384, height: 512, x: 384, y: 0, strength: 1 }),
  cc: node("ConditioningCombine", { conditioning_1: ["s1", 0], conditioning_2: ["s2", 0] }),
};

Deno.test("SamplerCustomAdvanced: prompts from its guider, size from its latent image, settings from all its nodes", () => {
  const { k: _, ...nodes } = sampled({}, AREAS, {
    g: node("CFGGuider", { model: ["1", 0], positive: ["cc", 0], negative: ["n", 0], cfg: 5.5 }),
    rn: node("RandomNoise", { noise_seed: 42 }),
    ks: node("KSamplerSelect", { sampler_name: "dpmpp_2m" }),
    bs: node("BasicScheduler", { model: ["1", 0], scheduler: "sgm_uniform", steps: 12, denoise: 1 }),
    z: node("SamplerCustomAdvanced", {
      ...{ noise: ["rn", 0], guider: ["g", 0], sampler: ["ks", 0], sigmas: ["bs", 0], latent_image: ["l", 0] },
    }),
  });
  const adaptation = imported(nodes);
  const { layout } = understood(adaptation);
  assert.deepEqual([layout.aspect, layout.negativePrompt], [1.5, "blurry"]);
  assert.deepEqual(placed(layout), BOTH);
  assert.deepEqual(said(adaptation), []);
  assert("settings" in adaptation);
  assert.deepEqual(adaptation.settings, {
    ...{ steps: 12, seed: 42, guidanceScale: 5.5, sampler: "dpmpp_2m", schedule: "sgm-uniform" },
    ...{ width: 768, height: 512, model: "m" },
  });
});

Deno.test("numbers are followed through primitives, arithmetic and size pickers", () => {
  const width = (...nodes: readonly ApiNodes[]) =>
    understood(imported(sampled({ positive: ["s1", 0] }, AREAS, {
      l: node("EmptyLatentImage", { width: ["w", 0], height: 512, batch_size: 1 }),
    }, ...nodes)));
  assert.deepEqual(placed(width({ w: node("PrimitiveInt", { value: 768 }) }).layout), [BOTH[0]]);
  const sum = {
    i: node("INTConstant", { value: 96 }),
    w: node("SimpleMath+", { value: "a * (4 + 2**2)", a: ["i", 0] }),
  };
  assert.equal(width(sum).layout.aspect, 1.5);
  const picker = node("CR SDXL Aspect Ratio", {
    ...{ width: 1, height: 1, aspect_ratio: "21:9 landscape 1536x640", swap_dimensions: "Off" },
  });
  assert.equal(width({ w: picker }).layout.aspect, 3);
  const image = sampled({ latent_image: ["w", 4] }, { w: picker });
  assert.equal(understood(imported(image)).layout.aspect, 2.4);
});

Deno.test("a size that cannot be worked out is named, and areas in pixels of it are problems", () => {
  const nodes = {
    l: node("EmptyLatentImage", { width: ["w", 0], height: 512 }),
    w: node("GetImageSize", { image: "x" }),
  };
  const plain = imported(sampled({}, nodes));
  assert.equal(understood(plain).layout.aspect, null);
  assert.deepEqual(said(plain), [
    `SETTING_LEFT_OUT l.width: width must be a number above 0, got "GetImageSize"; the picture's size was left out`,
    'NODE_UNKNOWN w: what GetImageSize does was left out: image "x"',
  ]);
  assert.match(problemsOf(imported(sampled({ positive: ["s1", 0] }, AREAS, nodes)))[0] ?? "", /canvas of known size/);
  const json = JSON.stringify(sampled({ positive: ["s1", 0] }, AREAS, nodes));
  assert.deepEqual(placed(understood(readComfyWorkflow({ json, canvas: { width: 768, height: 512 } })).layout), [
    BOTH[0],
  ]);
});

Deno.test("nodes that are not known hand on both prompts, behind the model where they change that, too", () => {
  const prompts = (positive: unknown, negative: unknown, nodes: ApiNodes) => {
    const { layout } = understood(imported(sampled({ positive, negative }, nodes)));
    return [layout.basePrompt, layout.negativePrompt];
  };
  const pair = { positive: ["a", 0], negative: ["n", 0] };
  const inpaint = { u: node("InpaintModelConditioning", { ...pair, vae: ["1", 2] }) };
  assert.deepEqual(prompts(["u", 0], ["u", 1], inpaint), ["red fox", "blurry"]);
  const instant = { u: node("ApplyInstantID", { ...pair, model: ["1", 0] }) };
  assert.deepEqual(prompts(["u", 1], ["u", 2], instant), ["red fox", "blurry"]);
});
