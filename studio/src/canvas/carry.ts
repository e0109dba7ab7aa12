/** Regions carried along with the box around them, as far as each can be moved. */

import type { GeometryInput } from "../api/generated.ts";
import type { DraftLayout } from "../draft/draft.ts";
import { around, type Box, boxOf, canMove, carried } from "../draft/geometry.ts";
import { withGeometry } from "../draft/arrange.ts";
import { cellsOf, placesOf } from "../draft/places.ts";
import { maskBox } from "./mask_images.ts";
import { movedMask } from "./moved_masks.ts";

/** The box of a place that can be moved; null for others. Masks can once their image is there. */
function movableBox(place: GeometryInput, cells: readonly Box[]): Box | null {
  if (place.mask) return maskBox(place.mask);
  return canMove(place) ? boxOf(place, cells) : null;
}

/** The box around some regions; null unless all of them can be moved. */
export function boxAround(layout: DraftLayout, keys: readonly string[]): Box | null {
  const places = placesOf(layout), cells = cellsOf(layout);
  const chosen = layout.regions.flatMap(({ key }, i) => keys.includes(key) ? [places[i]] : []);
  const boxes = chosen.flatMap((place) => (place && movableBox(place, cells)) ?? []);
  return boxes.length === chosen.length ? around(boxes) : null;
}

/**
 * The layout with the box around some regions elsewhere, or of another size. What becomes the draft is followed by
 * `keepMoved`.
 */
export function carryBox(layout: DraftLayout, keys: readonly string[], from: Box, to: Box): DraftLayout {
  const places = placesOf(layout);
  return layout.regions.reduce((next, { key }, i) => {
    const place = places[i];
    if (!keys.includes(key) || !place) return next;
    if (place.mask) return withGeometry(next, key, { mask: movedMask(place.mask, from, to) });
    return canMove(place) ? withGeometry(next, key, carried(place, from, to)) : next;
  }, layout);
}
