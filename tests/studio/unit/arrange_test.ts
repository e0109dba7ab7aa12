/** What is done to a layout's regions: nothing is lost, names and cells stay, and the server takes what comes of it. */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addRegion,
  duplicate,
  ownShape,
  remove,
  reorder,
  restack,
  stacking,
  subtract,
  unite,
  withGrid,
} from "../../../studio/src/draft/arrange.ts";
import { type DraftLayout, draftLayout, layoutInput } from "../../../studio/src/draft/draft.ts";
import { boxOf, carried, contains, ellipseIn, rectangleIn, tidyBox } from "../../../studio/src/draft/geometry.ts";
import { dividersOf, moveDivider } from "../../../studio/src/draft/grid.ts";
import { cellsOf, placesOf } from "../../../studio/src/draft/places.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";
import { parseRatios } from "../../../layout/masks/ratios.ts";

const share = fc.nat(9973).map((n) => n / 9973);
const box = fc.tuple(share, share, share, share).map(([a, b, c, d]) =>
  tidyBox({ x: Math.min(a, b), y: Math.min(c, d), width: Math.abs(a - b), height: Math.abs(c - d) })
).filter(({ width, height }) => width > 0.01 && height > 0.01);

const columns = (): DraftLayout =>
  draftLayout({
    grid: { direction: "COLUMNS", ratios: "1,1,1" },
    regions: [{ name: "a", prompt: "" }, { name: "b", prompt: "" }, { name: "c", prompt: "" }],
  });

function keyOf(layout: DraftLayout, name: string): string {
  return layout.regions.find((region) => region.name === name)?.key ?? "";
}

/** What each region covers, by name: a box. */
function boxes(layout: DraftLayout): Readonly<Record<string, unknown>> {
  const places = placesOf(layout), cells = cellsOf(layout);
  return Object.fromEntries(layout.regions.map(({ name }, i) => {
    const place = places[i];
    return [name, place && boxOf(place, cells)];
  }));
}

/** The server's own check. */
function assertTaken(layout: DraftLayout): void {
  const resolved = resolveLayout(layoutInput(layout), { maxRegions: 64 });
  if ("problems" in resolved) assert.fail(resolved.problems.map(({ message }) => message).join());
}

type Edit = (layout: DraftLayout, pick: number) => DraftLayout;

const EDITS: readonly Edit[] = [
  (layout, pick) => addRegion(layout, rectangleIn({ x: pick, y: 0, width: 0.2, height: 0.5 })).layout,
  (layout, pick) => duplicate(layout, [keyAt(layout, pick)]).layout,
  (layout, pick) => layout.regions.length > 1 ? remove(layout, [keyAt(layout, pick)]) : layout,
  (layout, pick) => reorder(layout, keyAt(layout, pick), pick > 0.5 ? 2 : -1),
  (layout, pick) => restack(layout, [keyAt(layout, pick)], pick > 0.5 ? "front" : "backward"),
  (layout, pick) => ownShape(layout, keyAt(layout, pick)),
  (layout, pick) => unite(layout, [keyAt(layout, pick), layout.regions.at(-1)?.key ?? ""]),
  (layout, pick) =>
    withGrid(
      layout,
      pick < 0.3 ? null : { direction: pick < 0.6 ? "ROWS" : "COLUMNS", ratios: pick < 0.8 ? "1,2" : "1,1,1;2,1" },
    ),
];

function keyAt({ regions }: DraftLayout, pick: number): string {
  return regions[Math.floor(pick * 0.999 * regions.length)]?.key ?? "";
}

Deno.test("whatever is done to a layout, the server takes it", () => {
  const edits = fc.array(fc.tuple(fc.constantFrom(...EDITS), fc.nat(79).map((n) => n / 100)), {
    maxLength: 6,
  });
  fc.assert(fc.property(edits, (edits) => {
    assertTaken(edits.reduce((layout, [edit, pick]) => edit(layout, pick), columns()));
  }));
});

Deno.test("regions that leave the grid take their cell with them, and the others do not move up", () => {
  const before = columns();
  const { a, c } = boxes(before);
  assert.deepEqual(boxes(remove(before, [keyOf(before, "b")])), { a, c });
  assert.deepEqual(boxes(reorder(before, keyOf(before, "c"), -2)), boxes(before));
  const freed = ownShape(before, keyOf(before, "b"));
  assert.deepEqual(freed.regions[1]?.geometry, { rectangle: { x: 0.33333, y: 0, width: 0.33334, height: 1 } });
  assert.deepEqual(freed.regions[2]?.geometry, { cell: 2 });
});

Deno.test("a smaller grid leaves regions without a cell where they were, a larger one gets new regions", () => {
  const two = withGrid(columns(), { direction: "COLUMNS", ratios: "1,1" });
  assert.deepEqual(two.regions.map(({ geometry }) => geometry?.rectangle?.width), [undefined, undefined, 0.33333]);
  const four = withGrid(columns(), { direction: "ROWS", ratios: "1,1,1,1" });
  assert.deepEqual(four.regions.map(({ name }) => name), ["a", "b", "c", "region 4"]);
  const none = withGrid(columns(), null);
  assert.equal("grid" in none, false);
  assert.ok(none.regions.every(({ geometry }) => geometry?.rectangle));
});

Deno.test("stacking: to the front, the back, one step, and equal depths by order", () => {
  const layout = columns();
  const names = (of: DraftLayout) => stacking(of).map((i) => of.regions[i]?.name).join("");
  const [a, b, c] = ["a", "b", "c"].map((name) => keyOf(layout, name)) as [string, string, string];
  assert.equal(names(layout), "abc");
  assert.equal(names(restack(layout, [a], "front")), "bca");
  assert.equal(names(restack(layout, [c], "back")), "cab");
  assert.equal(names(restack(layout, [a], "forward")), "bac");
  assert.equal(names(restack(layout, [c], "backward")), "acb");
  assert.equal(names(restack(layout, [a, c], "back")), "acb");
  assert.equal(restack(layout, [c], "front"), layout, "nothing to change");
  assert.equal(names(restack(layout, [b], "back")), "bac");
});

Deno.test("union and subtraction cover what set theory says", () => {
  const mask = () => false;
  fc.assert(fc.property(box, box, share, share, (one, other, x, y) => {
    let layout = draftLayout({ regions: [{ name: "one", prompt: "x" }] });
    layout = { ...layout, regions: [] };
    const first = addRegion(layout, ellipseIn(one)), second = addRegion(first.layout, rectangleIn(other));
    const inFirst = contains(ellipseIn(one), { x, y }, [], mask),
      inSecond = contains(rectangleIn(other), { x, y }, [], mask);
    const keys = [first.key, second.key];
    const united = unite(second.layout, keys), cut = subtract(second.layout, keys);
    assert.deepEqual([united.regions.length, cut.regions.length], [1, 2]);
    const [union] = united.regions, [rest] = cut.regions;
    assert.ok(union?.geometry && rest?.geometry);
    assert.equal(contains(union.geometry, { x, y }, [], mask), inFirst || inSecond);
    assert.equal(contains(rest.geometry, { x, y }, [], mask), inFirst && !inSecond);
  }));
});

Deno.test("a geometry that is carried into another box fills it, and never leaves the canvas", () => {
  const geometry = fc.oneof(
    box.map(rectangleIn),
    box.map(ellipseIn),
    fc.tuple(box, box).map(([a, b]) => ({ union: [rectangleIn(a), ellipseIn(b)] })),
    box.map(({ x, y, width, height }) => ({
      polygon: { points: [{ x, y }, { x: x + width, y }, { x, y: y + height }] },
    })),
  );
  fc.assert(fc.property(geometry, box, (shape, to) => {
    const from = boxOf(shape, []);
    assert.ok(from);
    const moved = carried(shape, from, to);
    const reached = boxOf(moved, []);
    assert.ok(reached);
    for (const edge of ["x", "y", "width", "height"] as const) {
      assert.ok(Math.abs(reached[edge] - to[edge]) < 5e-5, `${edge}: ${reached[edge]}, not ${to[edge]}`);
    }
    assertTaken(addRegion({ ...columns(), regions: columns().regions }, moved).layout);
  }));
});

Deno.test("a divider moves the edge that it is, and no other", () => {
  const grid = fc.record({
    direction: fc.constantFrom("COLUMNS" as const, "ROWS" as const),
    ratios: fc.constantFrom("1,1", "1,2,1", "1,1,2;3,1", "2;1,1,1", "1,3,1,4;1"),
  });
  fc.assert(fc.property(grid, fc.boolean(), fc.nat(9), share, (outer, nests, which, share) => {
    const nested = nests
      ? { ...outer, nested: [{ cell: 1, grid: { direction: "ROWS" as const, ratios: "1,1" } }] }
      : outer;
    const dividers = dividersOf(nested);
    const divider = dividers[which % dividers.length];
    assert.ok(divider);
    const at = divider.least + (0.1 + 0.8 * share) * (divider.most - divider.least);
    const moved = moveDivider(nested, divider, at, 1000);
    const after = dividersOf(moved);
    assert.ok(Math.abs(Number(after[dividers.indexOf(divider)]?.at) - at) < 1e-3, `${moved.ratios} for ${at}`);
    const still = dividers.filter(({ within, group, upright }) =>
      within.join() === divider.within.join() && (group === divider.group) && upright === divider.upright
    );
    for (const other of still.filter((other) => other !== divider)) {
      assert.ok(Math.abs(Number(after[dividers.indexOf(other)]?.at) - other.at) < 1e-9, "a neighbour moved");
    }
    assert.ok(moved.ratios.split(/[,;]/).every((number) => number.length <= 7), `${moved.ratios} is untidy`);
    parseRatios(moved.ratios, moved.direction);
  }));
});

Deno.test("dividers lie between the cells", () => {
  const grid = {
    direction: "COLUMNS" as const,
    ratios: "1,1,1;2,1",
    nested: [{ cell: 2, grid: { direction: "COLUMNS" as const, ratios: "1,3" } }],
  };
  assert.deepEqual(
    dividersOf(grid).map(({ within, upright, at, from, to }) => [within.join(), upright, at, from, to]),
    [["", false, 1 / 3, 0, 1], ["", true, 0.5, 0, 1 / 3], ["2", true, 0.25, 1 / 3, 1]],
  );
});
