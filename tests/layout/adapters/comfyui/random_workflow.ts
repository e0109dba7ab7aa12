/** Random workflows: known and unknown nodes, mostly connected as they can be, every text of its own. */

import fc from "fast-check";

/** What an input takes and an output gives. */
type Kind = "COND" | "TEXT" | "NUMBER" | "MASK" | "MODEL" | "CLIP" | "LATENT" | "PIPE" | "REGIONS" | "NAME";

/** A node with its inputs in the order of its definition, and its outputs. */
interface NodeType {
  readonly inputs: Readonly<Record<string, Kind>>;
  readonly outputs: readonly Kind[];
}

const type = (outputs: readonly Kind[], inputs: Readonly<Record<string, Kind>> = {}): NodeType => ({ inputs, outputs });

/** Texts of TEXT and NAME must not get lost; numbers are 1 to 512. Unknown types are called by their nodes. */
export const TYPES: Readonly<Record<string, NodeType>> = {
  CheckpointLoaderSimple: type(["MODEL", "CLIP"], { ckpt_name: "NAME" }),
  LoraLoader: type(["MODEL", "CLIP"], { model: "MODEL", clip: "CLIP", lora_name: "NAME", strength_model: "NUMBER" }),
  FreeU_V2: type(["MODEL"], { model: "MODEL", b1: "NUMBER" }),
  CLIPTextEncode: type(["COND"], { text: "TEXT", clip: "CLIP" }),
  CLIPTextEncodeSDXL: type(["COND"], { width: "NUMBER", text_g: "TEXT", text_l: "TEXT", clip: "CLIP" }),
  PrimitiveString: type(["TEXT"], { value: "TEXT" }),
  StringConcatenate: type(["TEXT"], { string_a: "TEXT", string_b: "TEXT", delimiter: "TEXT" }),
  JoinStrings: type(["TEXT"], { string1: "TEXT", string2: "TEXT", delimiter: "TEXT" }),
  PrimitiveInt: type(["NUMBER"], { value: "NUMBER" }),
  ConditioningCombine: type(["COND"], { conditioning_1: "COND", conditioning_2: "COND" }),
  ConditioningConcat: type(["COND"], { conditioning_to: "COND", conditioning_from: "COND" }),
  ConditioningAverage: type(["COND"], {
    ...{ conditioning_to: "COND", conditioning_from: "COND", conditioning_to_strength: "NUMBER" },
  }),
  ConditioningZeroOut: type(["COND"], { conditioning: "COND" }),
  ConditioningSetArea: type(["COND"], {
    ...{ conditioning: "COND", width: "NUMBER", height: "NUMBER", x: "NUMBER", y: "NUMBER", strength: "NUMBER" },
  }),
  ConditioningSetMask: type(["COND"], { conditioning: "COND", mask: "MASK", strength: "NUMBER" }),
  ControlNetApplyAdvanced: type(["COND", "COND"], { positive: "COND", negative: "COND", strength: "NUMBER" }),
  SolidMask: type(["MASK"], { value: "NUMBER", width: "NUMBER", height: "NUMBER" }),
  MaskComposite: type(["MASK"], { destination: "MASK", source: "MASK", x: "NUMBER", y: "NUMBER" }),
  LoadImageMask: type(["MASK"], { image: "NAME" }),
  InvertMask: type(["MASK"], { mask: "MASK" }),
  EmptyLatentImage: type(["LATENT"], { width: "NUMBER", height: "NUMBER", batch_size: "NUMBER" }),
  LatentUpscale: type(["LATENT"], { samples: "LATENT", upscale_method: "NAME" }),
  ETN_DefineRegion: type(["REGIONS"], { mask: "MASK", conditioning: "COND", regions: "REGIONS" }),
  ETN_AttentionMask: type(["MODEL"], { model: "MODEL", regions: "REGIONS" }),
  AttentionCouplePPM: type(["MODEL"], { model: "MODEL", base_cond: "COND", cond_1: "COND", mask_1: "MASK" }),
  ToBasicPipe: type(["PIPE"], { model: "MODEL", clip: "CLIP", positive: "COND", negative: "COND" }),
  FromBasicPipe: type(["MODEL", "CLIP", "LATENT", "COND", "COND"], { basic_pipe: "PIPE" }),
  "Efficient Loader": type(["MODEL", "COND", "COND", "LATENT"], {
    ...{ ckpt_name: "NAME", lora_name: "NAME", positive: "TEXT", negative: "TEXT" },
    ...{ empty_latent_width: "NUMBER", empty_latent_height: "NUMBER" },
  }),
  "Any Switch (rgthree)": type(["COND"], { any_01: "COND", any_02: "COND" }),
  ImpactSwitch: type(["TEXT"], { select: "NUMBER", input1: "TEXT", input2: "TEXT" }),
  Reroute: type(["COND"], { "": "COND" }),
  SomeConditioner: type(["COND", "COND"], { positive: "COND", negative: "COND", words: "TEXT" }),
  SomeModelPatch: type(["MODEL"], { model: "MODEL", words: "TEXT" }),
  SomeMask: type(["MASK"], { words: "TEXT" }),
  SomeWriter: type(["TEXT"], { words: "TEXT", seed: "NUMBER" }),
  KSampler: type(["LATENT"], {
    ...{ model: "MODEL", seed: "NUMBER", steps: "NUMBER", cfg: "NUMBER", sampler_name: "NAME", scheduler: "NAME" },
    ...{ positive: "COND", negative: "COND", latent_image: "LATENT" },
  }),
};

/** A node whose inputs are values or [node, slot]. */
export interface RandomNode {
  readonly type: string;
  readonly mode: 0 | 2 | 4;
  readonly inputs: ReadonlyMap<string, unknown>;
}

/** How likely an input is what it should be. */
const kindly = fc.nat(99);

/** Nodes in an order in which most links lead to earlier ones; the last is a sampler. */
export const randomNodes: fc.Arbitrary<readonly RandomNode[]> = fc.array(
  fc.record({
    type: fc.constantFrom(...Object.keys(TYPES)),
    mode: fc.oneof({ weight: 12, arbitrary: fc.constant(0 as const) }, fc.constantFrom(2 as const, 4 as const)),
    choices: fc.array(fc.tuple(kindly, fc.nat(999), fc.nat(3)), { minLength: 14, maxLength: 14 }),
  }),
  { minLength: 4, maxLength: 24 },
).map((drawn) => {
  const first = ["CheckpointLoaderSimple", "CLIPTextEncode", "SolidMask", "EmptyLatentImage", "PrimitiveString"]
    .map((own) => ({ type: own, mode: 0 as const, choices: [] }));
  const last = drawn.at(-1) ?? first[0];
  const all = [...first, ...drawn, ...(last === undefined ? [] : [{ ...last, type: "KSampler", mode: 0 as const }])];
  const outputs = all.map(({ type: own }) => TYPES[own]?.outputs ?? []);
  return all.map(({ type: own, mode, choices }, n): RandomNode => {
    const inputs = Object.entries(TYPES[own]?.inputs ?? {}).map(([name, kind], i): [string, unknown] => {
      const [kind100 = 50, pick = 0, slot = 0] = choices[i] ?? [];
      if (kind100 < 2) return [name, [`${pick % all.length}`, slot]];
      const fitting = outputs.slice(0, kind100 < 4 ? all.length : n).flatMap((kinds, from) =>
        kinds.flatMap((output, at) => output === kind ? [[`${from}`, at] as const] : [])
      );
      const link = fitting.length === 0 ? undefined : fitting[fitting.length - 1 - pick % Math.min(fitting.length, 6)];
      const isValue = kind === "NAME" || kind === "TEXT" || kind === "NUMBER";
      if (link !== undefined && (!isValue || (kind !== "NAME" && kind100 < 50))) return [name, link];
      return [name, kind === "NUMBER" ? 1 + pick % (i === 0 ? 512 : 8) : isValue ? `word${n}x${i}z` : null];
    });
    const operation = own === "MaskComposite" ? [["operation", "add"] as const] : [];
    return { type: own, mode, inputs: new Map([...inputs, ...operation]) };
  });
});

/** In the API's format, where modes do not count. */
export function apiFormat(nodes: readonly RandomNode[]): unknown {
  return Object.fromEntries(nodes.map(({ type: own, inputs }, n) => {
    const set = [...inputs].filter(([, value]) => value !== null);
    return [`${n}`, { class_type: own, inputs: Object.fromEntries(set) }];
  }));
}

/** In the editor's, every widget being named as newer files do; `named`: values as an object. */
export function editorFormat(nodes: readonly RandomNode[], named: boolean): unknown {
  const links: unknown[] = [];
  const written = nodes.map(({ type: own, mode, inputs }, n) => {
    const isLink = (value: unknown): value is [string, number] => Array.isArray(value);
    const widgets = [...inputs].filter(([name, value]) =>
      !isLink(value) && ["TEXT", "NUMBER", "NAME", undefined].includes(TYPES[own]?.inputs[name])
    );
    const entries = [...inputs].filter(([name]) => named || widgets.every(([widget]) => widget !== name)).map(
      ([name, value], slot) => {
        const kind = TYPES[own]?.inputs[name];
        if (!isLink(value)) return { name, type: kind, link: null };
        links.push([links.length + 1, Number(value[0]), value[1], n, slot, kind]);
        return { name, type: kind, link: links.length };
      },
    );
    return {
      ...{ id: n, type: own, mode },
      inputs: named ? entries : [...entries, ...widgets.map(([name]) => ({ name, widget: { name }, link: null }))],
      outputs: (TYPES[own]?.outputs ?? []).map((kind) => ({ name: kind, type: kind })),
      widgets_values: Object.fromEntries(widgets),
    };
  });
  return { nodes: written, links };
}
