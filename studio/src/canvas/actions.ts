/** What buttons and keys do to the selected regions. */

import type { GeometryInput, GridInput } from "../api/generated.ts";
import {
  addRegion,
  duplicate,
  ownShape,
  remove,
  type Restack,
  restack,
  subtract,
  unite,
  whyNotCombine,
  withGeometry,
  withGrid,
} from "../draft/arrange.ts";
import { ellipseIn, inside, rectangleIn } from "../draft/geometry.ts";
import { draft, editLayout, selected, selection } from "../draft/store.ts";
import { writePrompt } from "../regions/next_prompt.ts";
import { freeCells, placesOf } from "../draft/places.ts";
import { boxAround, carryBox } from "./carry.ts";
import { keepMoved } from "./moved_masks.ts";
import { note } from "./tool.ts";
import { pictureSize } from "./view.ts";

/** Selects regions. */
export function select(keys: readonly string[]): void {
  selection.value = keys;
}

/** Adds a region to the selection, or takes it out. */
export function toggleSelected(key: string): void {
  const keys = selection.peek();
  select(keys.includes(key) ? keys.filter((other) => other !== key) : [...keys, key]);
}

export function selectAll(): void {
  select(draft.peek().layout.regions.map(({ key }) => key));
}

/** The kinds of region that a button adds; brushes and polygons are drawn as well. */
type AddedKind = "rectangle" | "ellipse" | "polygon" | "cell" | "words" | "rest";

/** Adds a region and selects it. */
export function add(geometry: GeometryInput): void {
  const added = addRegion(draft.peek().layout, geometry);
  editLayout(() => added.layout);
  select([added.key]);
  note.value = `${added.layout.regions.at(-1)?.name} added`;
}

/** Adds a region of a kind in the middle of the canvas. */
export function addKind(kind: AddedKind): void {
  const middle = { x: 0.3, y: 0.3, width: 0.4, height: 0.4 };
  const made: Readonly<Record<AddedKind, () => GeometryInput | undefined>> = {
    rectangle: () => rectangleIn(middle),
    ellipse: () => ellipseIn(middle),
    polygon: () => ({ polygon: { points: [{ x: 0.5, y: 0.25 }, { x: 0.75, y: 0.75 }, { x: 0.25, y: 0.75 }] } }),
    cell: () => freeCells(draft.peek().layout).map((cell) => ({ cell }))[0],
    words: () => ({ words: { of: "" } }),
    rest: () => draft.peek().layout.regions.some(({ geometry }) => geometry?.rest) ? undefined : { rest: true },
  };
  const geometry = made[kind]();
  if (geometry !== undefined) add(geometry);
}

export function removeSelected(): void {
  const gone = selected.peek();
  if (gone.length === 0) return;
  editLayout((layout) => remove(layout, selection.peek()));
  selection.value = [];
  note.value = `${named(gone)} deleted`;
}

export function duplicateSelected(): void {
  const made = duplicate(draft.peek().layout, selection.peek());
  if (made.keys.length === 0) return;
  editLayout(() => made.layout);
  select(made.keys);
  note.value = `${named(selected.peek())} added`;
}

export function restackSelected(where: Restack): void {
  if (selection.peek().length === 0) return;
  editLayout((layout) => restack(layout, selection.peek(), where));
  const told = { front: "in front", forward: "one further forward", backward: "one further back", back: "at the back" };
  const shares = draft.peek().layout.overlap !== "Z_ORDER";
  note.value = `${named(selected.peek())} ${told[where]}` +
    (shares
      ? ". Where regions overlap they share by weight: choose “The one in front wins” for the order to count"
      : "");
}

export function uniteSelected(): void {
  combine(unite, "united");
}

export function subtractSelected(): void {
  combine(subtract, "cut out of the first");
}

function combine(how: typeof unite, told: string): void {
  const keys = selected.peek().map(({ key }) => key);
  const { layout } = draft.peek();
  const why = whyNotCombine(layout, keys);
  if (why !== null) {
    note.value = why;
    return;
  }
  note.value = `${named(selected.peek())} ${told}`;
  editLayout(() => how(layout, keys));
  select(keys.slice(0, 1));
}

/** Switches the selected regions off, or on if all of them are off. */
export function switchSelected(): void {
  const regions = selected.peek();
  if (regions.length === 0) return;
  const enabled = regions.every((region) => region.enabled === false);
  const keys = regions.map(({ key }) => key);
  editLayout((layout) => ({
    ...layout,
    regions: layout.regions.map((region) => keys.includes(region.key) ? switched(region, enabled) : region),
  }));
  note.value = `${named(regions)} switched ${enabled ? "on" : "off"}`;
}

/** A region that is painted, or not; on is the default. */
export function switched<Region extends { readonly enabled?: boolean | null | undefined }>(
  { enabled: _, ...region }: Region,
  on: boolean,
): Region {
  return (on ? region : { ...region, enabled: false }) as Region;
}

/** Gives regions that fill cells shapes of their own. */
export function freeSelected(): void {
  editLayout((layout) => selection.peek().reduce(ownShape, layout));
  note.value = `${named(selected.peek())}: a shape of its own`;
}

/** Cuts the canvas by a grid, or by none. What comes next is the prompt of the first region that has none yet. */
export function cutCanvas(grid: GridInput | null): void {
  editLayout((layout) => withGrid(layout, grid));
  const unsaid = draft.peek().layout.regions.find(({ prompt }) => prompt === "");
  if (unsaid !== undefined && grid !== null) writePrompt(unsaid.key);
}

/** Gives a region another place. */
export function place(key: string, geometry: GeometryInput, group: string | null = null): void {
  editLayout((layout) => withGeometry(layout, key, geometry), group);
}

/** Moves the selected regions by pixels of the picture. */
export function nudge(dx: number, dy: number): void {
  reshape((box, { width, height }) => inside({ ...box, x: box.x + dx / width, y: box.y + dy / height }));
}

/** Makes the selected regions wider and higher by pixels of the picture. */
export function grow(dx: number, dy: number): void {
  reshape((box, { width, height }) => ({
    ...box,
    width: Math.min(1 - box.x, Math.max(1 / width, box.width + dx / width)),
    height: Math.min(1 - box.y, Math.max(1 / height, box.height + dy / height)),
  }));
}

type Box = NonNullable<ReturnType<typeof boxAround>>;

function reshape(change: (box: Box, picture: { readonly width: number; readonly height: number }) => Box): void {
  const keys = selection.peek();
  const { layout } = draft.peek();
  const from = boxAround(layout, keys);
  if (keys.length === 0) return;
  if (from === null) {
    note.value = whyStill(keys);
    return;
  }
  const { width, height } = pictureSize.peek();
  const to = change(from, { width, height });
  editLayout(() => carryBox(layout, keys, from, to), `reshape ${keys.join()}`);
  keepMoved();
  note.value = `${named(selected.peek())}: ${
    [to.x * width, to.y * height, to.width * width, to.height * height].map(Math.round).join(", ")
  } pixels`;
}

/** Why regions cannot be moved. */
export function whyStill(keys: readonly string[]): string {
  const { layout } = draft.peek();
  const places = placesOf(layout);
  const kept = layout.regions.findIndex(({ key }, i) => keys.includes(key) && places[i] && !boxAround(layout, [key]));
  const name = layout.regions[kept]?.name ?? "It";
  const at = places[kept];
  if (at?.cell !== undefined) return `${name} fills a cell of the grid: move the dividers, or give it its own shape`;
  if (at?.mask) return `${name} is painted: paint or erase with the brush`;
  if (at?.words) return `${name} lies where its words are found`;
  if (at?.rest) return `${name} is what the others leave`;
  return `${name} cannot be moved`;
}

function named(regions: readonly { readonly name: string }[]): string {
  return regions.map(({ name }) => name).join(", ");
}
