/** Resolving is total: no value makes it throw, however hostile. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { LayoutSpec } from "../../../layout/layout.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";
import { compileWeightMaps } from "../../../layout/weights/weight_maps.ts";
import { IMAGES, randomSpec } from "../random_layout.ts";

/** Resolves, and checks that the answer is a layout or problems, each with a place, a code and a rule. */
function resolveAnything(spec: unknown) {
  const result = resolveLayout(spec as LayoutSpec, { maxRegions: 4 });
  if ("layout" in result) return result.layout;
  assert(result.problems.length > 0);
  for (const { path, code, rule } of result.problems) assert(path[0] === "layout" && code !== undefined && rule !== "");
  return undefined;
}

Deno.test("anything at all gives a layout or problems", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (spec) => void resolveAnything(spec)),
    {
      numRuns: 5000,
    },
  );
});

/** Everything JSON has, in the places where it hurts. */
const junk = fc.oneof(
  fc.constantFrom(null, true, false, "", "x", [], {}, -1, 0, 0.5, 1, 2, 1e308, NaN, Infinity, "1,1", "#ff0000"),
  fc.anything(),
);

Deno.test("a layout with any of its values replaced gives a layout that compiles, or problems", () => {
  const choices = fc.array(fc.tuple(fc.nat(), junk), { minLength: 1, maxLength: 3 });
  let accepted = 0, refused = 0;
  fc.assert(
    fc.property(randomSpec, choices, (spec, replacements) => {
      const copy: unknown = JSON.parse(JSON.stringify(spec));
      for (const [choice, value] of replacements) {
        const places = placesIn(copy);
        const place = places[choice % places.length];
        if (place !== undefined) place.holder[place.key] = value;
      }
      const layout = resolveAnything(copy);
      if (layout === undefined) refused++;
      else {
        accepted++;
        const { data } = compileWeightMaps({ ...layout, holes: "BASE" }, { width: 8, height: 8, factor: 4 }, {
          images: IMAGES,
        });
        assert(data.every((weight) => weight >= 0 && weight <= 1));
      }
    }),
    { numRuns: 5000 },
  );
  assert(accepted > 20 && refused > 200, `${accepted} accepted, ${refused} refused`);
});

interface Place {
  readonly holder: Record<string | number, unknown>;
  readonly key: string;
}

/** Every field and item of a value. */
function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

Deno.test("shapes, grids and lists nested a hundred thousand deep are problems, not a stack overflow", () => {
  let union: unknown = {}, subtraction: unknown = {}, grid: unknown = {}, list: unknown = [];
  for (let i = 0; i < 100_000; i++) {
    union = { union: [union] };
    subtraction = { subtraction: { from: subtraction, subtract: [{}] } };
    grid = { direction: "COLUMNS", ratios: "1", nested: [{ cell: 0, grid }] };
    list = [list];
  }
  const region = (geometry: unknown) => ({ prompt: "a", geometry });
  for (const geometry of [union, subtraction, list, { polygon: { points: list } }, { cell: list }, { mask: list }]) {
    assert.equal(resolveAnything({ regions: [region(geometry)] }), undefined);
  }
  for (const spec of [{ grid }, { grid: list }, { basePrompt: list }, { regions: list }, list]) {
    assert.equal(resolveAnything(spec), undefined);
  }
});

Deno.test("huge lists stop at their limits", () => {
  const many = (value: unknown) => Array(300_000).fill(value);
  const region = (geometry: unknown) => ({ prompt: "a", geometry });
  const count = (spec: unknown) => {
    const result = resolveLayout(spec as LayoutSpec, { maxRegions: 4 });
    return "problems" in result ? result.problems.length : 0;
  };
  assert.equal(count({ regions: [region({ union: many({}) })] }) <= 256, true);
  assert.equal(count({ regions: [region({ union: many({ union: many({}) }) })] }) <= 256, true);
  assert.equal(count({ regions: [region({ polygon: { points: many({}), holes: many([]) } })] }) <= 6000, true);
  assert.equal(count({ grid: { direction: "COLUMNS", ratios: "1", nested: many({}) } }), 1);
  assert.equal(count({ regions: many({}) }) <= 16, true);
});
