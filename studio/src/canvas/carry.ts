/** Regions carried along with the box around them, as far as each can be moved. */

import type { DraftLayout } from "../draft/draft.ts";
import { around, type Box, boxOf, canMove, carried } from "../draft/geometry.ts";
import { withGeometry } from "../draft/arrange.ts";
import { cellsOf, placesOf } from "../draft/places.ts";

/** The box around some regions; null unless all of them can be moved. */
export function boxAround(layout: DraftLayout, keys: readonly string[]): Box | null {
  const places = placesOf(layout), cells = cellsOf(layout);
  const chosen = layout.regions.flatMap(({ key }, i) => keys.includes(key) ? [places[i]] : []);
  if (!chosen.every((place) => place && canMove(place))) return null;
  return around(chosen.flatMap((place) => (place && boxOf(place, cells)) ?? []));
}

/** The layout with the box around some regions elsewhere, or of another size. */
export function carryBox(layout: DraftLayout, keys: readonly string[], from: Box, to: Box): DraftLayout {
  const places = placesOf(layout);
  return layout.regions.reduce((next, { key }, i) => {
    const place = places[i];
    return keys.includes(key) && place && canMove(place) ? withGeometry(next, key, carried(place, from, to)) : next;
  }, layout);
}
