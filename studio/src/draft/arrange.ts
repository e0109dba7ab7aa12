/** What can be done to a layout's regions. Every function gives a new layout, which shares what did not change. */

import type { GeometryInput, GridInput } from "../api/generated.ts";
import { type DraftLayout, type DraftRegion, newKey } from "./draft.ts";
import { boxOf, canMove, carried, inside, withoutCells } from "./geometry.ts";
import { cellsIn, cellsOf, placesOf, withNamedCells } from "./places.ts";

/** A new region's name: the first of `region 1`, `region 2`, ... that is free; or `base 2`, ... */
function freeName({ regions }: Pick<DraftLayout, "regions">, base?: string): string {
  const taken = new Set(regions.map(({ name }) => name));
  const stem = base?.replace(/ \d+$/, "") ?? "region";
  let number = base === undefined ? regions.length + 1 : 2;
  while (taken.has(`${stem} ${number}`)) number++;
  return `${stem} ${number}`;
}

/** The layout with one more region, in front of the others. */
export function addRegion(
  layout: DraftLayout,
  geometry: GeometryInput,
  key = newKey(),
): { readonly layout: DraftLayout; readonly key: string } {
  const region: DraftRegion = { key, name: freeName(layout), prompt: "", geometry, ...ahead(layout) };
  return { layout: { ...layout, regions: [...layout.regions, region] }, key };
}

/** Later regions are in front where none has a `z`. */
function ahead({ regions }: DraftLayout): { readonly z?: number } {
  const highest = Math.max(0, ...regions.map(({ z }) => z ?? 0));
  return highest > 0 ? { z: highest } : {};
}

/** How far a copy lies from what it copies, in fractions of the canvas. */
const APART = 0.04;

/** Copies of regions, behind those that they copy in the list, and their keys. */
export function duplicate(
  layout: DraftLayout,
  keys: readonly string[],
): { readonly layout: DraftLayout; readonly keys: readonly string[] } {
  const cells = cellsOf(layout);
  const places = placesOf(layout);
  let { regions } = withNamedCells(layout);
  const made: string[] = [];
  for (const region of layout.regions.filter(({ key }) => keys.includes(key))) {
    const place = places[layout.regions.indexOf(region)];
    if (!place || place.rest) continue; // one region at most is the rest
    const own = withoutCells(place, cells);
    const box = boxOf(own, cells);
    const geometry = box && canMove(own) ? carried(own, box, besides(box)) : own;
    const copy = { ...region, key: newKey(), name: freeName({ regions }, region.name), geometry };
    const at = regions.findIndex(({ key }) => key === region.key);
    regions = regions.toSpliced(at + 1, 0, copy);
    made.push(copy.key);
  }
  return { layout: { ...layout, regions }, keys: made };
}

/** A bit further down and to the right, or, at the canvas's border, up and to the left. */
function besides(box: NonNullable<ReturnType<typeof boxOf>>): typeof box {
  const shift = (start: number, length: number) => start + length + APART <= 1 ? APART : -APART;
  return inside({ ...box, x: box.x + shift(box.x, box.width), y: box.y + shift(box.y, box.height) });
}

/** The layout without some regions; the others keep their cells. */
export function remove(layout: DraftLayout, keys: readonly string[]): DraftLayout {
  const kept = keepingCells(layout, keys);
  return { ...kept, regions: kept.regions.filter(({ key }) => !keys.includes(key)) };
}

/** The layout with regions `by` places further down in the list, or up; their cells stay theirs. */
export function reorder(layout: DraftLayout, key: string, by: number): DraftLayout {
  const from = layout.regions.findIndex((region) => region.key === key);
  const to = Math.min(layout.regions.length - 1, Math.max(0, from + by));
  const region = layout.regions[from];
  if (region === undefined || to === from) return layout;
  const named = withNamedCells(layout);
  const moved = named.regions[from] ?? region;
  return { ...named, regions: named.regions.toSpliced(from, 1).toSpliced(to, 0, moved) };
}

/** Indexes of regions, those in front last: by `z`, then by their order. */
export function stacking({ regions }: Pick<DraftLayout, "regions">): readonly number[] {
  return regions.map((_, i) => i).sort((a, b) => (regions[a]?.z ?? 0) - (regions[b]?.z ?? 0) || a - b);
}

/** How far to the front: all the way, one step, or the same towards the back. */
export type Restack = "front" | "forward" | "backward" | "back";

/** The layout with regions before or behind others, by their `z`. The list stays in its order, and colours with it. */
export function restack(layout: DraftLayout, keys: readonly string[], where: Restack): DraftLayout {
  const order = stacking(layout).flatMap((i) => layout.regions[i]?.key ?? []);
  const picked = order.filter((key) => keys.includes(key)), others = order.filter((key) => !keys.includes(key));
  const behind = where === "front"
    ? others.length
    : where === "back"
    ? 0
    : others.filter((key) =>
      order.indexOf(key) < order.indexOf((where === "forward" ? picked.at(-1) : picked[0]) ?? "")
    )
      .length + (where === "forward" ? 1 : -1);
  const next = others.toSpliced(Math.min(others.length, Math.max(0, behind)), 0, ...picked);
  if (next.every((key, i) => key === order[i])) return layout;
  const z = new Map(next.map((key, i) => [key, i]));
  return { ...layout, regions: layout.regions.map((region) => ({ ...region, z: z.get(region.key) ?? 0 })) };
}

/** Why some regions cannot be united or subtracted; null if they can. */
export function whyNotCombine(layout: DraftLayout, keys: readonly string[]): string | null {
  if (keys.length < 2) return "Select at least two regions";
  const places = placesOf(layout);
  const whole = layout.regions.some(({ key }, i) => keys.includes(key) && (!places[i] || places[i]?.rest));
  return whole ? "The rest has no shape of its own" : null;
}

/** The first region takes the place of all; the others are gone. It keeps its prompt and settings. */
export function unite(layout: DraftLayout, keys: readonly string[]): DraftLayout {
  if (whyNotCombine(layout, keys) !== null) return layout;
  const union = keys.flatMap((key) => {
    const shape = shapeOf(layout, key);
    return shape.union ?? [shape];
  });
  return withGeometry(remove(layout, keys.slice(1)), keys[0] ?? "", { union });
}

/** The first region loses what the others cover; they stay. */
export function subtract(layout: DraftLayout, keys: readonly string[]): DraftLayout {
  if (whyNotCombine(layout, keys) !== null) return layout;
  const [whole = "", ...others] = keys;
  const shape = shapeOf(layout, whole);
  const cut = others.map((key) => shapeOf(layout, key));
  const { from, subtract } = shape.subtraction ?? { from: shape, subtract: [] };
  return withGeometry(layout, whole, { subtraction: { from, subtract: [...subtract, ...cut] } });
}

/** Cells as rectangles: what is combined is a shape of its own. */
function shapeOf(layout: DraftLayout, key: string): GeometryInput {
  const place = placesOf(layout)[layout.regions.findIndex((region) => region.key === key)];
  return withoutCells(place ?? { rest: true }, cellsOf(layout));
}

/** A region that fills a cell gets a rectangle of its own in the same place. */
export function ownShape(layout: DraftLayout, key: string): DraftLayout {
  return withGeometry(layout, key, shapeOf(layout, key));
}

/** The layout with another place for one region; the other regions keep theirs. */
export function withGeometry(layout: DraftLayout, key: string, geometry: GeometryInput): DraftLayout {
  const kept = keepingCells(layout, [key]);
  return { ...kept, regions: kept.regions.map((region) => region.key === key ? { ...region, geometry } : region) };
}

/** The layout, with every cell named if some regions are to leave theirs, so that the others do not move up. */
function keepingCells(layout: DraftLayout, leaving: readonly string[]): DraftLayout {
  const places = placesOf(layout);
  const freed = layout.regions.some(({ key }, i) =>
    leaving.includes(key) && cellsIn(places[i] ?? { rest: true }).length > 0
  );
  return freed ? withNamedCells(layout) : layout;
}

/**
 * The layout on another grid: regions of cells take its cells in order, new ones fill those that are left, and those for
 * which there is no cell keep their place as rectangles. Without a grid all of them do.
 */
export function withGrid(layout: DraftLayout, grid: GridInput | null): DraftLayout {
  const places = placesOf(layout);
  const cells = cellsOf(layout);
  const { grid: _, ...rest } = layout;
  const next: DraftLayout = grid === null ? rest : { ...rest, grid };
  const count = cellsOf(next).length;
  let taken = 0;
  const regions = layout.regions.map((region, i) => {
    const place = places[i];
    if (place && place.cell === undefined) return { ...region, geometry: withoutCells(place, cells) };
    if (taken < count) {
      const { geometry: _, ...free } = region;
      taken++;
      return free;
    }
    return {
      ...region,
      geometry: withoutCells(place ?? { rectangle: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 } }, cells),
    };
  });
  const added: DraftRegion[] = [];
  while (taken++ < count) {
    added.push({ key: newKey(), name: freeName({ regions: [...regions, ...added] }), prompt: "" });
  }
  return { ...next, regions: [...regions, ...added] };
}
