/** What moved edges snap to. */

import { boxOf } from "../draft/geometry.ts";
import { cellsOf, placesOf } from "../draft/places.ts";
import { draft, selection } from "../draft/store.ts";

/** The boxes of all regions but those selected, in fractions of the canvas. */
export function otherBoxes(): readonly NonNullable<ReturnType<typeof boxOf>>[] {
  const { layout } = draft.peek();
  const places = placesOf(layout), cells = cellsOf(layout);
  return layout.regions.flatMap(({ key, enabled }, i) => {
    const place = places[i];
    if (!place || enabled === false || selection.peek().includes(key)) return [];
    return boxOf(place, cells) ?? [];
  });
}
