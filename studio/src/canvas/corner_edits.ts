/** The corners of a selected polygon, each of which can be moved by itself. */

import { computed } from "@preact/signals";
import type { GeometryInput } from "../api/generated.ts";
import { type Point, tidy } from "../draft/geometry.ts";
import { selection } from "../draft/store.ts";
import { seenPlaces, tool } from "./tool.ts";

/** The corners that can be moved now: those of the one selected polygon. */
export const editedCorners = computed((): readonly Point[] => {
  const [key] = selection.value;
  if (tool.value !== "select" || selection.value.length !== 1) return [];
  const { layout, places } = seenPlaces.value;
  return places[layout.regions.findIndex((region) => region.key === key)]?.polygon?.points ?? [];
});

/** The polygon with one corner elsewhere. */
export function withCorner(geometry: GeometryInput, corner: number, { x, y }: Point): GeometryInput {
  if (!geometry.polygon) return geometry;
  return { polygon: { ...geometry.polygon, points: geometry.polygon.points.with(corner, { x: tidy(x), y: tidy(y) }) } };
}
