/** Readers of pictures' texts are total: whatever the text, they answer with a layout or with typed problems, and soon. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../../errors.ts";
import { readParameters } from "../../../layout/adapters/a1111/parameters.ts";
import type { Adaptation } from "../../../layout/adapters/adapted.ts";
import { readInvokeMetadata } from "../../../layout/adapters/invokeai/metadata.ts";
import { readKritaDocument } from "../../../layout/adapters/krita_ai/document.ts";
import { readOmostCanvas } from "../../../layout/adapters/omost/canvas.ts";
import { readOwnRequest } from "../../../layout/adapters/parterre/request.ts";
import { readPicture } from "../../../layout/adapters/picture/picture.ts";
import { exportRegionalPrompt } from "../../../layout/adapters/regional_prompter/export.ts";
import { readRegionalPrompt } from "../../../layout/adapters/regional_prompter/prompt.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";
import { takeSettings } from "../../../schema/layout/imported_settings.ts";
import { soon } from "../../soon.ts";

/** Inputs of each reader; the whole number, 100,000, takes minutes: set PARTERRE_RUNS. */
const RUNS = Number(Deno.env.get("PARTERRE_RUNS") ?? 3000);

/** Milliseconds that no input takes. */
const SOON = 50;

/** What a reader may answer; a layout is either resolved or refused with problems, and can be written again. */
function check(read: () => Adaptation): boolean {
  const answer = soon(SOON, read);
  if ("problems" in answer) {
    assert(answer.problems.length > 0);
    assert(answer.problems.every((problem) => problem instanceof InvalidInputError));
    return false;
  }
  const resolution = resolveLayout(answer.spec, { maxRegions: 32 });
  if ("problems" in resolution) {
    assert(resolution.problems.every((problem) => problem instanceof InvalidInputError));
    return false;
  }
  takeSettings(answer.settings, true);
  const { input } = exportRegionalPrompt(resolution.layout);
  const again = readRegionalPrompt(input);
  assert("spec" in again || again.problems.every((problem) => problem instanceof InvalidInputError));
  return true;
}

const anything = fc.string({ unit: "binary", maxLength: 30 });
const pieces = (...words: readonly string[]) =>
  fc.array(fc.oneof({ arbitrary: fc.constantFrom(...words), weight: 9 }, { arbitrary: anything, weight: 1 }), {
    maxLength: 20,
  }).map((parts) => parts.join(""));

const parameters = fc.oneof(
  pieces(
    ...[
      "a fox",
      " BREAK ",
      " ADDCOL ",
      " AND ",
      "\n",
      "\nNegative prompt: ",
      "Steps: 20",
      ", ",
      "Size: 512x512",
      '"',
      "{",
    ],
    ...[
      "RP Active: True",
      "RP Divide mode: Matrix",
      "RP Matrix submode: Columns",
      'RP Ratios: "1,1"',
      "RP Use Base: True",
    ],
    ...["RP Divide mode: Mask", "RP Matrix submode: Random", "RP Flip: True", "Seed: 1", ": ", "}", "\\", "<lora:x:1>"],
  ),
  fc.tuple(pieces("fox", " BREAK ", " ADDROW "), fc.constantFrom("Columns", "Rows", "Random"), pieces("1", ",", ";"))
    .map((
      [prompt, mode, ratios],
    ) =>
      `${prompt}\nSteps: 2, Seed: 1, RP Active: True, RP Divide mode: Matrix, RP Matrix submode: ${mode}, RP Ratios: ${
        JSON.stringify(ratios)
      }`
    ),
);

/** An object of these fields, whose values are of any kind, but mostly those of the choices. */
const objectOf = (fields: Record<string, fc.Arbitrary<unknown>>) => {
  const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(1e400, -1, 0.5, null));
  return fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, fc.oneof({ arbitrary: value, weight: 9 }, odd)]),
    ),
    { requiredKeys: [] },
  );
};
const text = fc.oneof(fc.constantFrom("fox", "owl (big)1.2", "", "{prompt}, soft"), anything);
const number = fc.oneof(fc.integer({ min: -10, max: 2000 }), fc.double());
const rect = objectOf({ x: number, y: number, width: number, height: number });
const object = objectOf({
  type: fc.constantFrom("rect", "brush_line", "eraser_line", "image", "brush_line_with_pressure"),
  rect,
  strokeWidth: number,
  points: fc.array(number, { maxLength: 7 }),
});
const layer = objectOf({
  name: text,
  position: objectOf({ x: number, y: number }),
  objects: fc.array(object, { maxLength: 3 }),
  positivePrompt: text,
  negativePrompt: text,
  autoNegative: fc.boolean(),
  isEnabled: fc.boolean(),
  referenceImages: fc.array(fc.constant({}), { maxLength: 2 }),
});
const invoke = objectOf({
  positive_prompt: text,
  negative_prompt: text,
  width: number,
  height: number,
  seed: number,
  steps: number,
  cfg_scale: number,
  scheduler: fc.constantFrom("euler_k", "_k", "x"),
  model: objectOf({ name: text }),
  canvas_v2_metadata: objectOf({ regionalGuidance: fc.array(layer, { maxLength: 3 }) }),
  regions: fc.array(layer, { maxLength: 2 }),
});

const bounds = fc.array(number, { minLength: 3, maxLength: 4 });
const krita = objectOf({
  root: objectOf({ positive: text, negative: text }),
  regions: fc.array(objectOf({ positive: text, layer_ids: fc.constantFrom("a", "b,c") }), { maxLength: 3 }),
  history: fc.array(
    objectOf({ params: objectOf({ bounds, seed: number, regions: fc.array(objectOf({ layer_id: text, bounds })) }) }),
    { maxLength: 2 },
  ),
});

const { shape } = fc.letrec<{ shape: unknown }>((tie) => ({
  shape: fc.oneof(
    { depthSize: "small" },
    objectOf({
      kind: fc.constantFrom("RECTANGLE", "CELL", "REST", "MASK", "X"),
      x: number,
      width: number,
      cell: number,
    }),
    objectOf({ kind: fc.constantFrom("UNION", "SUBTRACTION"), of: fc.array(tie("shape")), from: tie("shape") }),
  ),
}));
const own = objectOf({
  layout: objectOf({
    basePrompt: text,
    aspect: number,
    promptSyntax: fc.constantFrom("PLAIN", "WEIGHTED"),
    grid: objectOf({ direction: fc.constantFrom("COLUMNS", "ROWS"), ratios: fc.constantFrom("1,1", "1") }),
    regions: fc.array(objectOf({ name: text, prompt: text, geometry: shape, weight: number }), { maxLength: 3 }),
  }),
  width: number,
  steps: number,
  seed: number,
  mode: fc.constantFrom("attention", "latent", "constructor"),
});

const omost = fc.array(
  objectOf({
    rect: fc.constantFrom([0, 90, 0, 90], [0, 45, 0, 30], [10, 80, 5, 90], [-1, 90, 0, 91], [9, 9, 0, 1], [0, 1, 2]),
    prefixes: fc.array(text),
    suffixes: fc.array(text),
  }),
  { maxLength: 4 },
);

const json = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ arbitrary: value.map((own) => JSON.stringify(own)), weight: 9 }, anything);

const READERS: Readonly<Record<string, readonly [fc.Arbitrary<string>, (text: string) => Adaptation]>> = {
  "a web UI's text": [fc.oneof(parameters, anything), (text) => readParameters(text, ["text"]).adaptation],
  "InvokeAI's metadata": [json(invoke), (text) => readInvokeMetadata(text, ["json"])],
  "Krita AI's documents": [json(krita), (text) => readKritaDocument({ json: text })],
  "Parterre's requests": [json(own), (text) => readOwnRequest(text, ["text"])],
  "Omost's conditions": [json(omost), (text) => readOmostCanvas({ text })],
};

for (const [name, [input, read]] of Object.entries(READERS)) {
  Deno.test(`reading ${name} is total: ${RUNS} inputs give layouts or typed problems`, () => {
    let layouts = 0;
    fc.assert(
      fc.property(input, (text) => {
        if (check(() => read(text))) layouts++;
      }),
      { numRuns: RUNS },
    );
    // Inputs that nothing understands would prove little.
    assert(layouts > RUNS / 50, `${layouts} layouts`);
  });
}

Deno.test(`reading pictures is total: ${RUNS} sets of texts give layouts or typed problems`, () => {
  const keyword = fc.constantFrom(
    "parameters",
    "prompt",
    "workflow",
    "invokeai_metadata",
    "parterre",
    "UserComment",
    "x",
  );
  const named = fc.record({ keyword, text: fc.oneof(parameters, json(own), json(invoke), anything) });
  fc.assert(
    fc.property(fc.array(named, { maxLength: 4 }), (texts) => {
      const read = readPicture(texts, ["file"]);
      if ("problems" in read) assert(read.problems.every((problem) => problem instanceof InvalidInputError));
      else check(() => read.adaptation);
    }),
    { numRuns: RUNS },
  );
});

const hostile = [
  ...[
    '"',
    "{",
    "[",
    ",",
    ", ",
    ":",
    "a: b,",
    'a: "b, c",',
    "\nSteps: 1",
    "Negative prompt:",
    "AND ",
    "(",
    "\\",
    "{prompt}",
  ],
  ...["RP Active: True, ", '{"a":', "[[", "\n", "é", "<lora:"],
];

for (const word of hostile) {
  Deno.test(`100 kB of ${JSON.stringify(word)} are read in time that grows with its length`, () => {
    const text = word.repeat(Math.ceil(100_000 / word.length));
    const quoted = JSON.stringify(text);
    check(() => readParameters(text, ["text"]).adaptation);
    check(() => readParameters(`${text}\nSteps: 1, Seed: 2, ${text}`, ["text"]).adaptation);
    check(() =>
      readParameters(`a BREAK b\nSteps: 1, RP Active: True, RP Divide mode: Matrix, RP Ratios: ${quoted}`, ["text"])
        .adaptation
    );
    check(() => readInvokeMetadata(text, ["json"]));
    check(() => readInvokeMetadata(`{"positive_prompt": ${quoted}, "width": 1, "height": 1}`, ["json"]));
    check(() =>
      readInvokeMetadata(`{"canvas_v2_metadata": {"regionalGuidance": [${quoted}]}, "x": ${quoted}}`, ["json"])
    );
    check(() => readKritaDocument({ json: `{"root": {"positive": ${quoted}}, "regions": [{"positive": "a"}]}` }));
    check(() => readOwnRequest(`{"layout": {"basePrompt": ${quoted}, "regions": []}, ${quoted}: 1}`, ["text"]));
    check(() => readOmostCanvas({ text: `[${text}` }));
    check(() => readOmostCanvas({ text: `[{"rect": [0, 90, 0, 90], "prefixes": [${quoted}]}]` }));
  });
}

Deno.test("100 kB of many small parts are read soon", () => {
  const many = (part: string) => new Array(Math.ceil(100_000 / part.length)).fill(part).join(",");
  check(() => readParameters(`a\nSteps: 1, ${many("a: b")}`, ["text"]).adaptation);
  check(() => readOmostCanvas({ text: `[${many('{"rect": [0, 1, 0, 1], "prefixes": ["a"]}')}]` }));
  check(() => readOmostCanvas({ text: `[${many("1")}]` }));
  const layers = many(
    '{"positivePrompt": "a", "objects": [{"type": "rect", "rect": {"x": 0, "y": 0, "width": 9, "height": 9}}]}',
  );
  check(() =>
    readInvokeMetadata(`{"width": 9, "height": 9, "canvas_v2_metadata": {"regionalGuidance": [${layers}]}}`, ["json"])
  );
  const rectangles = many('{"type": "rect", "rect": {"x": 0, "y": 0, "width": 9, "height": 9}}');
  const layer = `{"positivePrompt": "a", "objects": [${rectangles}]}`;
  check(() =>
    readInvokeMetadata(`{"width": 9, "height": 9, "canvas_v2_metadata": {"regionalGuidance": [${layer}]}}`, ["json"])
  );
  check(() => readKritaDocument({ json: `{"root": {}, "regions": [${many('{"positive": "a"}')}]}` }));
  check(() =>
    readOwnRequest(`{"layout": {"regions": [${many('{"prompt": "a", "geometry": {"kind": "REST"}}')}]}}`, ["text"])
  );
  const deep = '{"kind":"UNION","of":['.repeat(4000);
  check(() =>
    readOwnRequest(`{"layout": {"regions": [{"prompt": "a", "geometry": ${deep}${"]}".repeat(4000)}}]}}`, ["text"])
  );
});
