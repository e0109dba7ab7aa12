/** Which regions of a layout are found by words, and when. */

import type { FieldPath } from "../errors.ts";
import type { Geometry, Layout } from "./layout.ts";
import { shapesIn } from "./shapes/walk.ts";
import { foundShape, type WordsShape } from "./shapes/words.ts";

/** One in so many steps is painted before words are found; measured, see docs/regional-attention.md. */
const SEARCHED = 3;

/** Words of a region, and where they stand in the layout as callers send it. */
export interface RegionWords {
  /** The region's position. */
  readonly region: number;
  readonly shape: WordsShape;
  readonly path: FieldPath;
}

/** The words of all regions that are enabled, in the order of the layout's fields. */
export function regionWords({ regions }: Pick<Layout, "regions">): readonly RegionWords[] {
  return regions.flatMap(({ geometry, enabled }, region) =>
    enabled
      ? wordsIn(geometry).map(({ shape, path }) => ({ region, shape, path: ["regions", region, "geometry", ...path] }))
      : []
  );
}

/** Whether a geometry, or a shape that it is made of, is found by words. */
export function isFoundByWords(geometry: Geometry): boolean {
  return wordsIn(geometry).length > 0;
}

/**
 * The steps whose attention finds words, [first, end), counted in the full schedule: of the steps that are taken, the
 * second half of the first third. Those before see little but noise. From `end` on the words' regions paint.
 * @param steps Of the full schedule, at least 1.
 * @param begin The first step that is taken: 0 from noise, later from a picture, less than `steps`.
 */
export function searchedSteps(steps: number, begin = 0): { readonly first: number; readonly end: number } {
  const searched = Math.ceil((steps - begin) / SEARCHED);
  return { first: begin + Math.floor(searched / 2), end: begin + searched };
}

function wordsIn(geometry: Geometry): readonly { readonly shape: WordsShape; readonly path: FieldPath }[] {
  return [...shapesIn(geometry)].flatMap(({ shape, path }) =>
    shape.kind === "WORDS" ? [{ shape: shape as WordsShape, path }] : []
  );
}

/** Whether a region is found by words, or is the rest of one that is. */
export function isUnknownAtStart({ regions }: Layout, name: string): boolean {
  const geometry = regions.find((region) => region.name === name)?.geometry;
  if (geometry === undefined) return false;
  return isFoundByWords(geometry) || (geometry.kind === "REST" && regionWords({ regions }).length > 0);
}

/** A layout once its words are found: in the place of each there is the mask of what was found, from the first step on. */
export function whereFound(layout: Layout): Layout {
  if (!layout.regions.some(({ geometry }) => isFoundByWords(geometry))) return layout;
  return {
    ...layout,
    regions: layout.regions.map((region) => ({ ...region, geometry: withoutWords(region.geometry) as Geometry })),
  };
}

/** Geometries are plain JSON, in which shapes stand by themselves. */
function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== "object" || value === null) return value;
  if ("kind" in value && value.kind === "WORDS") return foundShape(value as WordsShape);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutWords(part)]));
}
