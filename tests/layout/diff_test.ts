/** A diff holds every difference and nothing else. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { diffLayouts, type LayoutChange } from "../../layout/diff.ts";
import type { Layout, LayoutSpec, RegionSpec } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { specOfLayout, specOfRegion } from "../../layout/spec_of.ts";
import { randomSpec, resolveOrThrow } from "./random_layout.ts";

const SCENE: LayoutSpec = {
  basePrompt: "a meadow",
  regions: [
    { name: "fox", prompt: "a fox", geometry: { rectangle: { x: 0, y: 0.5, width: 0.5, height: 0.5 } } },
    { name: "sky", prompt: "blue sky", geometry: { rectangle: { x: 0, y: 0, width: 1, height: 0.5 } } },
    { name: "owl", prompt: "an owl", geometry: { rectangle: { x: 0.5, y: 0.5, width: 0.5, height: 0.5 } } },
  ],
};

function diff(before: LayoutSpec, after: LayoutSpec): readonly LayoutChange[] {
  return diffLayouts(resolveOrThrow(before), resolveOrThrow(after));
}

/** What a reader of a diff would do: the oracle that it says everything. */
function apply(layout: Layout, changes: readonly LayoutChange[]): Layout {
  const { regions: _, ...fields }: Record<string, unknown> = { ...specOfLayout(layout) };
  const regions = new Map(layout.regions.map((region): [string, Record<string, unknown>] => [
    region.name,
    { ...specOfRegion(region) },
  ]));
  let order = [...regions.keys()];
  for (const { kind, path: [first = "", name, field], before, after } of changes) {
    if (first !== "regions") fields[first] = after;
    else if (name === undefined) order = after as string[];
    else if (field !== undefined) regions.set(name, { ...regions.get(name), [field]: after });
    else if (kind === "ADDED") {
      assert.equal(before, null);
      regions.set(name, after as Record<string, unknown>);
      order.push(name);
    } else {
      assert.deepEqual([kind, after, before], ["REMOVED", null, regions.get(name)]);
      order = order.filter((other) => other !== name);
    }
  }
  return resolveOrThrow({ ...fields, regions: order.map((name) => regions.get(name)) as unknown as RegionSpec[] });
}

/** Another layout that shares names with a first one: regions dropped, renamed, reordered, repainted. */
const edited = fc.tuple(randomSpec, randomSpec, fc.array(fc.nat()), fc.boolean()).map(([a, b, picks, reverse]) => {
  const own = specOfLayout(resolveOrThrow(a)).regions ?? [];
  const others = specOfLayout(resolveOrThrow(b)).regions ?? [];
  const mixed = [...own.filter((_, i) => picks.includes(i)), ...others].filter((region, i, all) =>
    all.findIndex(({ name }) => name === region.name) === i
  ).slice(0, 5);
  return [a, { ...b, regions: reverse ? mixed.reverse() : mixed }] as const;
}).filter(([, mixed]) => "layout" in resolveLayout(mixed, { maxRegions: 64 }));

Deno.test("a layout and itself have no difference", () => {
  fc.assert(fc.property(randomSpec, (spec) => assert.deepEqual(diff(spec, structuredClone(spec)), [])));
});

Deno.test("applying a diff to the one layout gives the other", () => {
  fc.assert(
    fc.property(edited, ([a, b]) => {
      const [before, after] = [resolveOrThrow(a), resolveOrThrow(b)];
      assert.deepEqual(apply(before, diffLayouts(before, after)), after);
      assert.deepEqual(apply(after, diffLayouts(after, before)), before);
    }),
    { numRuns: 500 },
  );
});

Deno.test("every field of the layout and of a region is a change of its own", () => {
  const [fox, sky, owl] = SCENE.regions ?? [];
  assert.ok(fox && sky && owl);
  const changes = diff(SCENE, {
    ...SCENE,
    basePrompt: "a desert",
    aspect: 1.5,
    grid: { direction: "ROWS", ratios: "1,1" },
    regions: [{ ...fox, seed: 7, weight: 2, geometry: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.1, ry: 0.2 } } }, sky, owl],
  });
  const of = (field: string, before: unknown, after: unknown, region: string | null = null): LayoutChange => ({
    kind: "CHANGED",
    path: region === null ? [field] : ["regions", region, field],
    region,
    before,
    after,
  });
  assert.deepEqual(changes, [
    of("aspect", null, 1.5),
    of("basePrompt", "a meadow", "a desert"),
    of("grid", null, { direction: "ROWS", ratios: "1,1" }),
    of("geometry", fox.geometry, { ellipse: { cx: 0.5, cy: 0.5, rx: 0.1, ry: 0.2 } }, "fox"),
    of("seed", null, 7, "fox"),
    of("weight", 1, 2, "fox"),
  ]);
});

Deno.test("a region that was renamed went and came, with all that it says", () => {
  const [fox, ...rest] = SCENE.regions ?? [];
  assert.ok(fox);
  assert.deepEqual(diff(SCENE, { ...SCENE, regions: [...rest, { ...fox, name: "vixen" }] }), [
    { kind: "REMOVED", path: ["regions", "fox"], region: "fox", before: fox, after: null },
    { kind: "ADDED", path: ["regions", "vixen"], region: "vixen", before: null, after: { ...fox, name: "vixen" } },
  ]);
});

Deno.test("the order of regions is a change of the list, also where only a new one stands between", () => {
  const [fox, sky, owl] = SCENE.regions ?? [];
  assert.ok(fox && sky && owl);
  assert.deepEqual(diff(SCENE, { ...SCENE, regions: [owl, fox, sky] }), [
    { kind: "CHANGED", path: ["regions"], region: null, before: ["fox", "sky", "owl"], after: ["owl", "fox", "sky"] },
  ]);
  const between = diff({ ...SCENE, regions: [fox, owl] }, SCENE);
  assert.deepEqual(between.map(({ kind, path }) => [kind, path.join(".")]), [
    ["ADDED", "regions.sky"],
    ["CHANGED", "regions"],
  ]);
  assert.deepEqual(diff(SCENE, { ...SCENE, regions: [fox, owl] }).map(({ kind }) => kind), ["REMOVED"]);
});
