/** What the JSON Schema of layouts says about values beyond their types, field by field. */

import {
  ASPECT,
  BASE_RATIO,
  FEATHER,
  GUIDANCE,
  type Keywords,
  keywordsOf,
  WEIGHT,
  WINDOW,
} from "../../layout/limits.ts";
import { COORDINATE } from "../../layout/shapes/coordinates.ts";
import { GEOMETRIES } from "../../layout/shapes/list.ts";

/**
 * Keywords by input type and field, `[]` for the items of a list. Whoever breaks them breaks a rule of `resolveLayout`;
 * rules that concern several fields at once, such as `x + width <= 1`, cannot be said here.
 */
export const RANGES: Readonly<Record<string, Keywords>> = {
  "LayoutInput.aspect": keywordsOf(ASPECT),
  "NestedGridInput.cell": { minimum: 0 },
  "GridInput.ratios": { minLength: 1 },
  "PointInput.x": keywordsOf(COORDINATE),
  "PointInput.y": keywordsOf(COORDINATE),
  "RegionInput.name": { pattern: "\\S" },
  "RegionInput.weight": keywordsOf(WEIGHT),
  "RegionInput.baseRatio": keywordsOf(BASE_RATIO),
  "RegionInput.feather": keywordsOf(FEATHER),
  // The start is below the end.
  "RegionInput.start": { minimum: WINDOW.min, exclusiveMaximum: WINDOW.max },
  "RegionInput.end": { exclusiveMinimum: WINDOW.min, maximum: WINDOW.max },
  "RegionInput.guidanceScale": keywordsOf(GUIDANCE),
  ...geometryRanges(),
};

/** What each kind of geometry says of its values. */
function geometryRanges(): Record<string, Keywords> {
  const ranges: Record<string, Keywords> = {};
  for (const { field, input: { type, keywords } } of GEOMETRIES) {
    if (keywords !== undefined) ranges[`GeometryInput.${field}`] = keywords;
    if (typeof type === "string" || !("fields" in type)) continue;
    for (const [name, { keywords, itemKeywords }] of Object.entries(type.fields)) {
      if (keywords !== undefined) ranges[`${type.name}.${name}`] = keywords;
      if (itemKeywords !== undefined) ranges[`${type.name}.${name}[]`] = itemKeywords;
    }
  }
  return ranges;
}
