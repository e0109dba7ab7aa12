/** Which region lies under a point. */

import { contains, type Point } from "../draft/geometry.ts";
import { selection } from "../draft/store.ts";
import { maskAt } from "./mask_images.ts";
import { foundPlaces } from "./found.ts";

/** The keys of the regions under a point, the front one first; those that are switched off come last. */
export function regionsAt(point: Point): readonly string[] {
  const { layout, places, cells, order } = foundPlaces.peek();
  const hit = order.toReversed().flatMap((i) => {
    const region = layout.regions[i], place = places[i];
    return region && place && contains(place, point, cells, maskAt) ? [region] : [];
  });
  const [on, off] = [hit.filter(({ enabled }) => enabled !== false), hit.filter(({ enabled }) => enabled === false)];
  return [...on, ...off].map(({ key }) => key);
}

/** The region that a press takes: one that is selected already, else the one in front; null for none. */
export function regionAt(point: Point): string | null {
  const hit = regionsAt(point);
  return hit.find((key) => selection.peek().includes(key)) ?? hit[0] ?? null;
}
