/** Adapters are total: whatever the text, they answer with a layout or with typed problems, and soon. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../../errors.ts";
import type { Adaptation } from "../../../layout/adapters/adapted.ts";
import { type ComfyArea, readComfyAreas } from "../../../layout/adapters/comfyui/areas.ts";
import { readComfyWorkflow } from "../../../layout/adapters/comfyui/workflow.ts";
import { readOmostCanvas } from "../../../layout/adapters/omost/canvas.ts";
import { readRegionalPrompt } from "../../../layout/adapters/regional_prompter/prompt.ts";
import type { DivideMode, RegionalPrompterInput } from "../../../layout/adapters/regional_prompter/input.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";

const DIVIDE_MODES: readonly DivideMode[] = ["COLUMNS", "ROWS", "RANDOM", "MASK"];

/** Inputs of all adapters together. */
const RUNS = 100_000;

/** What an adapter may answer; a layout is either resolved or refused with problems. */
function check(answer: Adaptation): void {
  if ("problems" in answer) {
    assert(answer.problems.length > 0);
    assert(answer.problems.every((problem) => problem instanceof InvalidInputError));
    return;
  }
  const resolution = resolveLayout(answer.spec, { maxRegions: 32 });
  assert("layout" in resolution || resolution.problems.every((problem) => problem instanceof InvalidInputError));
  for (const { message, position } of answer.warnings) {
    assert(message.length > 0);
    assert(position === null || (position.offset >= 0 && position.line >= 1 && position.column >= 1));
  }
}

/** Text of a syntax's pieces, now and then with any other character between. */
function pieces(...words: readonly string[]): fc.Arbitrary<string> {
  const other = fc.string({ unit: "binary", maxLength: 3 });
  const word = fc.constantFrom(...words);
  return fc.array(fc.oneof({ arbitrary: word, weight: 9 }, { arbitrary: other, weight: 1 }), { maxLength: 14 })
    .map((parts) => parts.join(""));
}

const anything = fc.string({ unit: "binary", maxLength: 30 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const keywords = [" BREAK ", " ADDCOL ", " ADDROW ", " ADDBASE ", " ADDCOMM ", " AND ", " ADDP ", "GRAND", "\n"];
const prompt = fc.oneof(
  pieces(...keywords, " BREAK ", " ADDCOL ", "a fox", "(sea:1.2)", "[", "]", "\\", "<lora:x:1>", "<lora:", ", "),
  anything,
);
const numbers = fc.oneof(
  pieces("1", "2", "0.5", ",", ",", ";", "0", "-1", " ", "1e9", "1e-9", "1e400", ".", "x", "NaN"),
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }).map((list) => list.join(",")),
  anything,
);

const regional: fc.Arbitrary<RegionalPrompterInput> = fc.record({
  prompt,
  negativePrompt: maybe(prompt),
  mode: maybe(fc.constantFrom(...DIVIDE_MODES)),
  ratios: maybe(numbers),
  flip: fc.boolean(),
  useBase: fc.boolean(),
  baseRatios: maybe(numbers),
  useCommon: fc.boolean(),
  useCommonNegative: fc.boolean(),
  seed: maybe(fc.oneof(fc.nat(), fc.double())),
  maskAsset: maybe(fc.constantFrom("ab".repeat(32), "", "x")),
  maskColours: maybe(fc.array(fc.oneof(fc.nat(5), fc.double()), { maxLength: 4 })),
});

const number = fc.oneof(fc.double(), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 9 }));
const area: fc.Arbitrary<ComfyArea> = fc.record({
  prompt: anything,
  x: number,
  y: number,
  width: number,
  height: number,
  strength: maybe(number),
  start: maybe(number),
  end: maybe(number),
  negativePrompt: maybe(anything),
});
const areas = fc.record({
  areas: fc.array(area, { maxLength: 3 }),
  canvas: maybe(fc.record({ width: number, height: number })),
  basePrompt: maybe(anything),
});

const id = fc.constantFrom("1", "2", "3", "4", "__proto__", "constructor");
const value = fc.oneof(fc.tuple(id, fc.nat(1)), number, anything, fc.jsonValue({ maxDepth: 1 }));
const types = fc.constantFrom(
  ...["KSampler", "CLIPTextEncode", "CLIPTextEncodeSDXL", "ConditioningCombine", "ConditioningConcat", "Reroute"],
  ...["ConditioningSetArea", "ConditioningSetAreaPercentage", "ConditioningSetTimestepRange", "EmptyLatentImage"],
  ...["ConditioningSetAreaStrength", "Unknown"],
);
const inputNames = fc.constantFrom(
  ...["positive", "negative", "latent_image", "conditioning", "conditioning_1", "conditioning_2", "text"],
  ...["x", "y", "width", "height", "strength", "conditioning_to", "conditioning_from", "start", "end"],
);
const apiNode = fc.record({ class_type: types, inputs: fc.dictionary(inputNames, value, { maxKeys: 6 }) });
const editorNode = fc.record({
  id: fc.oneof(fc.nat(4), fc.jsonValue({ maxDepth: 1 })),
  type: types,
  mode: fc.constantFrom(0, 4),
  inputs: fc.array(fc.record({ name: inputNames, link: fc.option(fc.nat(4)) }), { maxLength: 3 }),
  widgets_values: fc.array(value, { maxLength: 5 }),
});
const links = fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.nat(1), fc.nat(4), fc.nat(1)), { maxLength: 6 });
const json = fc.oneof(
  fc.dictionary(id, apiNode, { maxKeys: 5 }).map((nodes) => JSON.stringify(nodes)),
  fc.record({ nodes: fc.array(editorNode, { maxLength: 5 }), links }).map((file) => JSON.stringify(file)),
  fc.json({ maxDepth: 3 }),
  pieces("{", "}", "[", "]", '"nodes"', ":", ",", "1", '"class_type"'),
);

/** Mostly a call that is right, with arguments that repeat, are missing or are none now and then. */
const omostCall = fc.tuple(
  fc.constantFrom("on the left", "in the center", "left", "on the top-right"),
  fc.constantFrom("no offset", "slightly to the left", "slightly"),
  fc.constantFrom("a small square area", "a large horizontal area", "large"),
  fc.oneof(fc.double({ min: 0, max: 10, noNaN: true }).map(String), fc.constantFrom("-1", "'far'", "1e999")),
  fc.oneof(fc.constant(""), fc.constantFrom("tags='y'", "x=1", "'z'", "location='on the right'", "description='w'")),
).map(([location, offset, area, distance, more]) => {
  const named = { location: `'${location}'`, offset: `'${offset}'`, area: `'${area}'`, distance_to_viewer: distance };
  const list = [...Object.entries(named).map(([name, given]) => `${name}=${given}`), "description='x'", more];
  return `canvas.add_local_description(${list.filter((argument) => argument !== "").join(", ")})`;
});

const python = fc.oneof(
  pieces(
    ...[
      "canvas",
      ".",
      "set_global_description",
      "add_local_description",
      "(",
      ")",
      ",",
      "=",
      "[",
      "]",
      "'",
      '"',
      '"""',
    ],
    ...["\\", "\n", "#", "```", "1.5", "-", "location=", "'on the left'", "area='a small square area'", "f", "r"],
  ),
  fc.array(omostCall, { maxLength: 4 }).map((calls) => ["canvas.set_global_description('s')", ...calls].join("\n")),
  anything,
);

type Adapter = "regional" | "workflow" | "omost" | "areas";
const input: fc.Arbitrary<readonly [Adapter, () => Adaptation]> = fc.oneof(
  { arbitrary: regional.map((own) => ["regional", () => readRegionalPrompt(own)] as const), weight: 4 },
  { arbitrary: json.map((text) => ["workflow", () => readComfyWorkflow({ json: text })] as const), weight: 2 },
  { arbitrary: python.map((text) => ["omost", () => readOmostCanvas({ text })] as const), weight: 2 },
  { arbitrary: areas.map((list) => ["areas", () => readComfyAreas(list)] as const), weight: 1 },
);

Deno.test(`parsing is total: ${RUNS} inputs give layouts or typed problems`, () => {
  const layouts = { regional: 0, workflow: 0, omost: 0, areas: 0 };
  fc.assert(
    fc.property(input, ([adapter, adapt]) => {
      const answer = adapt();
      if ("spec" in answer) layouts[adapter]++;
      check(answer);
    }),
    { numRuns: RUNS },
  );
  // Inputs that nothing understands would prove little.
  // Of workflows there are others, mostly right ones, in comfyui/.
  for (const [adapter, count] of Object.entries(layouts)) assert(count > 10, `${count} layouts by ${adapter}`);
});

const LONG = 30_000;
const hostile = [
  ...[
    "BREAK ",
    "ADDCOL ",
    "ADDROW a ",
    "AND ",
    "<lora:",
    "<lora:x>",
    "((",
    "[",
    "\\",
    "1,",
    ";",
    " ",
    "\n",
    "A",
    "ADDP ",
  ],
  ...["'", '"', '"""', "#\n", "\\\n", ", . ", "canvas.x(", "canvas=Canvas()\n", "'a' ", "1e", "0_", "{", "[{", "é"],
];

for (const word of hostile) {
  Deno.test(`a text of ${LONG} times ${JSON.stringify(word)} is read in time that grows with its length`, () => {
    const text = word.repeat(LONG);
    for (const mode of DIVIDE_MODES) {
      const place = { maskAsset: "ab".repeat(32), seed: 1 };
      check(readRegionalPrompt({ prompt: text, mode, ratios: "2,2", ...place }));
      check(readRegionalPrompt({ prompt: text, negativePrompt: text, mode, ...place }));
      check(readRegionalPrompt({ prompt: "s ADDBASE a BREAK b", mode, ratios: text, baseRatios: text, ...place }));
    }
    check(readComfyWorkflow({ json: text }));
    check(readOmostCanvas({ text }));
    check(readOmostCanvas({ text: `canvas.set_global_description("${text}")` }));
    check(readOmostCanvas({ text: `canvas.set_global_description('''${text}''', ['${text}'])` }));
    check(readComfyAreas({ areas: [{ prompt: text, x: 0, y: 0, width: 1, height: 1 }] }));
  });
}
