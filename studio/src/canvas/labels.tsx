/** The regions' names over the canvas: what Tab goes through, and what is read out. */

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { boxOf, kindOf } from "../draft/geometry.ts";
import { draft, selection } from "../draft/store.ts";
import { cellsOf, placesOf } from "../draft/places.ts";
import { stacking } from "../draft/arrange.ts";
import { Swatch } from "../regions/swatch.tsx";
import { select, toggleSelected } from "./actions.ts";
import { labelSpots } from "./label_places.ts";
import { maskAt, masksLoaded } from "./mask_images.ts";
import { foundPlace, foundPlaces } from "./found.ts";
import { outlines, seenPlaces } from "./tool.ts";
import { pictureSize } from "./view.ts";

/** Where labels are within their regions' boxes; they keep that while something is dragged. */
const spots = computed(() => {
  const { layout } = draft.value;
  void masksLoaded.value;
  return labelSpots({
    places: placesOf(layout).map((place, i) => foundPlace(layout.regions[i], place)),
    cells: cellsOf(layout),
    order: stacking(layout),
  }, maskAt);
});

export function Labels(): JSX.Element {
  const { layout, places, cells } = foundPlaces.value;
  const asked = seenPlaces.value.places;
  return (
    <ul
      class="region-labels"
      aria-label="Regions on the canvas"
      hidden={!outlines.value && selection.value.length === 0}
    >
      {layout.regions.map((region, i) => {
        const place = places[i], spot = spots.value[i] ?? { x: 0.5, y: 0.5 };
        const box = place && boxOf(place, cells);
        if (!place || !box) return null;
        const chosen = selection.value.includes(region.key);
        if (!outlines.value && !chosen) return null;
        return (
          <li
            key={region.key}
            style={{ left: `${100 * (box.x + spot.x * box.width)}%`, top: `${100 * (box.y + spot.y * box.height)}%` }}
          >
            <button
              type="button"
              class={`region-label${region.enabled === false ? " off" : ""}`}
              aria-pressed={chosen}
              onFocus={() => selection.peek().includes(region.key) || select([region.key])}
              onClick={(event) => event.shiftKey ? toggleSelected(region.key) : select([region.key])}
            >
              <Swatch index={i} />{" "}
              <span class="name">
                {asked[i]?.words ? `${region.name} found` : region.name}
                <span class="visually-hidden">
                  , {described(
                    place,
                    box,
                    region.enabled !== false,
                    asked[i]?.words ? "found by its words" : kindOf(place),
                  )}
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

type Place = Parameters<typeof kindOf>[0];

function described(place: Place, box: NonNullable<ReturnType<typeof boxOf>>, on: boolean, kind: string): string {
  const { width, height } = pictureSize.value;
  const [x, y, across, down] = [box.x * width, box.y * height, box.width * width, box.height * height].map(Math.round);
  const where = place.rest ? "what the others leave" : `${across} by ${down} pixels at ${x}, ${y}`;
  return `${kind}, ${where}${on ? "" : ", off"}`;
}
