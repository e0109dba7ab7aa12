/** Regions that are found by words, where the picture that is shown has them. */

import { computed } from "@preact/signals";
import type { GeometryInput } from "../api/generated.ts";
import type { DraftRegion } from "../draft/draft.ts";
import { job } from "../paint/job.ts";
import { knowPlace } from "./mask_images.ts";
import { seenPlaces } from "./tool.ts";

/** What the job has found so far: places by region and words. */
const found = computed(() => {
  const masks = job.value?.regionMasks ?? [];
  for (const { mask, image } of masks) if (image.url !== null) knowPlace(mask, image.url);
  return new Map(masks.map(({ region, words, mask }) => [keyOf(region, words), { mask: { asset: mask } }]));
});

function keyOf(region: string, words: string): string {
  return JSON.stringify([region, words]);
}

/** The place where a region was found; its own place for regions that are not looked for, or no longer by those words. */
export function foundPlace(region: DraftRegion | undefined, place: GeometryInput | null): GeometryInput | null {
  if (region === undefined || !place?.words) return place;
  return found.value.get(keyOf(region.name, place.words.of)) ?? place;
}

/** The seen layout with what was found in its place. What is dragged or resized is not told by this. */
export const foundPlaces = computed(() => {
  const seen = seenPlaces.value;
  return { ...seen, places: seen.places.map((place, i) => foundPlace(seen.layout.regions[i], place)) };
});
