/** From a layout back to what a caller would send for it: what is exported, and what clients edit. */

import {
  type Geometry,
  type GeometrySpec,
  type Grid,
  type GridSpec,
  type Layout,
  type LayoutSpec,
  PLAIN_LAYOUT,
  PLAIN_REGION,
  type Region,
  type RegionSpec,
} from "./layout.ts";
import type { AnyGeometry } from "./shapes/kind.ts";
import { geometryKind } from "./shapes/list.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const { grid: _grid, regions: _regions, ...PLAIN } = PLAIN_LAYOUT;

/**
 * A spec that `resolveLayout` turns into an equal layout. Defaults are left out, except for names and for the cells
 * that regions took from a grid: moving a region within the list changes neither.
 */
export function specOfLayout(layout: Layout): LayoutSpec {
  const { grid, regions } = layout;
  const spec: Mutable<LayoutSpec> = withoutDefaults(layout, PLAIN);
  if (grid !== null) spec.grid = specOfGrid(grid);
  if (regions.length > 0) spec.regions = regions.map(specOfRegion);
  return spec;
}

/** A spec of a geometry: the one field that is set. */
export function specOfGeometry(geometry: Geometry): GeometrySpec {
  return fieldOf(geometry) as GeometrySpec; // the field is of the list, and so is its value
}

function fieldOf(geometry: AnyGeometry): unknown {
  const kind = geometryKind(geometry);
  return { [kind.field]: kind.spec(geometry, fieldOf) };
}

/** A spec of a grid. */
export function specOfGrid({ direction, ratios, nested }: Grid): GridSpec {
  if (nested.length === 0) return { direction, ratios };
  return { direction, ratios, nested: nested.map(({ cell, grid }) => ({ cell, grid: specOfGrid(grid) })) };
}

/** A spec of a region. */
export function specOfRegion(region: Region): RegionSpec {
  const { name, geometry, prompt, loras } = region;
  const spec = { name, geometry: specOfGeometry(geometry), prompt, ...withoutDefaults(region, PLAIN_REGION) };
  return loras === undefined ? spec : { ...spec, loras };
}

/** The fields whose value is not the default, in the defaults' order. */
function withoutDefaults<T extends object>(values: T, defaults: T): Partial<T> {
  const set = (Object.keys(defaults) as (keyof T)[]).filter((field) => values[field] !== defaults[field]);
  return Object.fromEntries(set.map((field) => [field, values[field]])) as Partial<T>;
}
