/** The published JSON Schema and the server agree on what a layout is. */

import { strict as assert } from "node:assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { InvalidInputErrors } from "../../../errors.ts";
import { DEFAULT_LIMITS } from "../../../requests/limits.ts";
import type { Layout, LayoutSpec } from "../../../layout/layout.ts";
import { specOfLayout } from "../../../layout/spec_of.ts";
import { schema } from "../../../schema/index.ts";
import { RANGES } from "../../../schema/layout/layout_ranges.ts";
import { printedLayoutSchema } from "../../../schema/print.ts";
import { readLayout } from "../../../schema/layout/read_layout.ts";
import { randomCompleteSpec } from "../../layout/random_complete_layout.ts";
import { resolveOrThrow } from "../../layout/random_layout.ts";

const file = new URL("../../../schema/layout.schema.json", import.meta.url);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(Deno.readTextFileSync(file)),
);

function importJson(json: unknown): Layout {
  return readLayout({ json }, DEFAULT_LIMITS, schema);
}

/** Whether an import takes it; an untyped error is a failure of the test. */
function imports(json: unknown): boolean {
  try {
    importJson(json);
    return true;
  } catch (error) {
    if (error instanceof InvalidInputErrors) return false;
    throw error;
  }
}

/** A layout that has every field, and each kind of geometry. */
const COMPLETE: LayoutSpec = {
  aspect: 1.5,
  promptSyntax: "PLAIN",
  commonPrompt: "a",
  commonNegativePrompt: "b",
  commonPlacement: "SUFFIX",
  basePrompt: "c",
  negativePrompt: "d",
  overlap: "Z_ORDER",
  holes: "NEAREST",
  grid: { direction: "ROWS", ratios: "1,1", nested: [{ cell: 1, grid: { direction: "COLUMNS", ratios: "1,2" } }] },
  regions: [
    {
      name: "one",
      prompt: "e",
      style: "f",
      negativePrompt: "g",
      weight: 2,
      baseRatio: 0.2,
      feather: 0.1,
      z: 1,
      start: 0.1,
      end: 0.9,
      guidanceScale: 3,
      seed: 4,
      enabled: true,
      geometry: { rectangle: { x: 0.1, y: 0.1, width: 0.2, height: 0.2 } },
    },
    { name: "two", prompt: "", geometry: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.1, ry: 0.1 } } },
    {
      name: "three",
      prompt: "",
      geometry: {
        polygon: {
          points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }],
          holes: [[{ x: 0.1, y: 0.1 }, { x: 0.2, y: 0.1 }, { x: 0.1, y: 0.2 }]],
        },
      },
    },
    { name: "four", prompt: "", geometry: { cell: 2 } },
    {
      name: "five",
      prompt: "",
      geometry: { mask: { asset: "0".repeat(64), channel: "COLOUR", colour: "#Ff0000", tolerance: 0.01 } },
    },
    {
      name: "six",
      prompt: "",
      geometry: { subtraction: { from: { union: [{ cell: 0 }] }, subtract: [{ cell: 1 }] } },
    },
    { name: "seven", prompt: "", geometry: { rest: true } },
    { name: "eight", prompt: "", geometry: { words: { of: "c", threshold: 0.3 } } },
  ],
};

type Json = Record<string, unknown> | unknown[];

/** Every place below a value: the container and the key. */
function places(value: unknown): [Json, string][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[value as Json, key] as [Json, string], ...places(inner)]);
}

function set(container: Json, key: string, value: unknown): void {
  (container as Record<string, unknown>)[key] = value;
}

Deno.test("schema/layout.schema.json is up to date; if not, run `deno task schema`", () => {
  assert.equal(printedLayoutSchema(), Deno.readTextFileSync(file));
});

Deno.test("what is exported is valid, and imports as an equal layout", () => {
  fc.assert(
    fc.property(randomCompleteSpec, (spec) => {
      const layout = resolveOrThrow(spec);
      const json: Record<string, unknown> = JSON.parse(JSON.stringify(specOfLayout(layout)));
      assert.equal(validate(json), true, JSON.stringify(validate.errors));
      // JSON has no -0.
      assert.deepEqual(importJson(json), JSON.parse(JSON.stringify(layout)));
      assert.deepEqual(importJson({ $schema: "http://localhost:8000/layout.schema.json", ...json }), importJson(json));
    }),
    { numRuns: 500 },
  );
});

Deno.test("what was sent is valid too, also with nulls for what is left out", () => {
  assert.ok(validate(COMPLETE), JSON.stringify(validate.errors));
  assert.ok(imports(COMPLETE));
  const nulls = { ...COMPLETE, basePrompt: null, overlap: null, grid: null, regions: null };
  assert.ok(validate(nulls), JSON.stringify(validate.errors));
  assert.ok(imports(nulls));
});

Deno.test("a value of another type at any place fails in both, and a field that nobody knows", () => {
  const junk = [17.5, -3, "junk", true, {}, [], null, ["x"], { x: 1 }];
  let refused = 0;
  for (const [at] of places(COMPLETE).entries()) {
    for (const value of junk) {
      const json = structuredClone(COMPLETE);
      const [container, key] = places(json)[at] ?? assert.fail();
      // GraphQL takes a single value for a list of one.
      if (Array.isArray((container as Record<string, unknown>)[key]) && !Array.isArray(value) && value !== null) {
        continue;
      }
      set(container, key, value);
      const valid = validate(json);
      if (!valid) {
        refused++;
        assert.equal(imports(json), false, `${key}: ${JSON.stringify(value)}`);
      } else if (!imports(json)) {
        // What the schema cannot say are rules about several values, which `resolveLayout` has; the types are the same.
        assert.throws(() => importJson(json), (error: Error) => !error.message.includes("must match LayoutInput"));
      }
    }
    const json = structuredClone(COMPLETE);
    const [container] = places(json)[at] ?? assert.fail();
    if (Array.isArray(container)) continue;
    set(container, "unknown", null);
    assert.deepEqual([validate(json), imports(json)], [false, false]);
  }
  assert.ok(refused > 300, `${refused}`);
});

Deno.test("a required field that is missing fails in both", () => {
  for (const [at, [, key]] of places(COMPLETE).entries()) {
    const json = structuredClone(COMPLETE);
    const [container] = places(json)[at] ?? assert.fail();
    if (Array.isArray(container)) continue;
    delete container[key];
    if (!validate(json)) assert.equal(imports(json), false, key);
    else if (["prompt", "rectangle", "x", "asset", "points", "direction", "from"].includes(key)) assert.fail(key);
  }
});

Deno.test("the schema's ranges are the server's: their ends pass, what lies beyond fails in both", () => {
  const fields = Object.entries(RANGES).flatMap(([place, keywords]) =>
    Object.entries(keywords).map(([keyword, bound]) => ({ place, keyword, bound }))
  );
  for (const { place, keyword, bound } of fields) {
    const field = place.slice(place.indexOf(".") + 1);
    if (typeof bound !== "number" || field.endsWith("[]")) continue;
    const type = place.slice(0, place.indexOf("."));
    const beyond = {
      minimum: bound - 1e-7,
      maximum: bound + 1e-3,
      exclusiveMinimum: bound,
      exclusiveMaximum: bound,
      minItems: [],
      maxItems: Array.from({ length: bound + 1 }, (_, i) => ({ x: i / 20_000, y: i % 2 })),
      minLength: "",
    }[keyword] ?? assert.fail(keyword);
    const json = structuredClone(COMPLETE);
    const found = places(json).find(([container, key]) => key === field && isOf(type, container));
    assert.ok(found, place);
    set(...found, beyond);
    assert.deepEqual([validate(json), imports(json)], [false, false], `${place} ${keyword}`);
    if (place === "PolygonInput.points") {
      // The limit is one of the outline and its holes together.
      const points = Array.from({ length: bound }, (_, i) => ({ x: i / 20_000, y: i % 2 }));
      Object.assign(found[0], { points, holes: null });
      assert.deepEqual([validate(json), imports(json)], [true, true], `${place} ${keyword} ${bound}`);
    }
    if (keyword !== "minimum" && keyword !== "maximum" || type !== "RegionInput" && type !== "LayoutInput") continue;
    set(...found, bound);
    assert.deepEqual([validate(json), imports(json)], [true, true], `${place} ${keyword} ${bound}`);
  }
});

/** Which input type a part of COMPLETE stands for, told by its fields. */
function isOf(type: string, container: Json): boolean {
  const field = {
    LayoutInput: "regions",
    RegionInput: "prompt",
    NestedGridInput: "grid",
    GridInput: "ratios",
    RectangleInput: "width",
    EllipseInput: "cx",
    PolygonInput: "points",
    MaskInput: "asset",
    SubtractionInput: "from",
    WordsInput: "of",
  }[type];
  if (type === "LayoutInput") return "holes" in container && "regions" in container;
  if (type === "NestedGridInput") return "cell" in container && "grid" in container;
  if (type === "PointInput") return "x" in container && !("width" in container);
  if (type === "GeometryInput") return !("asset" in container) && !("grid" in container);
  return field !== undefined && field in container;
}

Deno.test("other texts than the patterns fail in both", () => {
  const [first] = COMPLETE.regions ?? [];
  const cases = [
    { ...first, name: " \t" },
    { ...first, name: "" },
    { ...first, geometry: { mask: { asset: "abc" } } },
    { ...first, geometry: { mask: { asset: "https://example.com/images/x.png" } } },
    { ...first, geometry: { mask: { asset: "0".repeat(64), colour: "red" } } },
    { ...first, geometry: { rest: false } },
    { ...first, geometry: {} },
    { ...first, geometry: { cell: 0, rest: true } },
    { ...first, geometry: { cell: 0, rest: null } },
    { ...first, seed: 4294967296 },
    { ...first, seed: 0.5 },
  ];
  for (const region of cases) {
    const json = { ...COMPLETE, regions: [region] };
    assert.deepEqual([validate(json), imports(json)], [false, false], JSON.stringify(region));
  }
});
