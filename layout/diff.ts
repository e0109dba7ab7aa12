/** What differs between two layouts: enough to turn the one into the other. */

import { isDeepStrictEqual } from "node:util";
import type { Layout, Region } from "./layout.ts";
import { specOfGeometry, specOfGrid, specOfRegion } from "./spec_of.ts";

/** One difference. Values have the form of the input, and are null where the input would leave them out or null. */
export interface LayoutChange {
  readonly kind: "ADDED" | "REMOVED" | "CHANGED";
  /** Outermost first: `["overlap"]`, `["regions", "fox"]`, `["regions", "fox", "weight"]`, `["regions"]`. */
  readonly path: readonly string[];
  /** The name of the region that it is about; null for the layout as a whole. */
  readonly region: string | null;
  /** Null where it was ADDED. */
  readonly before: unknown;
  /** Null where it was REMOVED. */
  readonly after: unknown;
}

/**
 * The changes from one layout to another, none for equal ones: fields of the layout, regions that went, regions that
 * came or changed in the order of `after`, and last the order of the regions.
 *
 * Regions are the same if they have the same name; one that was renamed went and came. The order is a change, of the
 * list of names at `["regions"]`, unless the regions that stayed are followed by those that came.
 */
export function diffLayouts(before: Layout, after: Layout): readonly LayoutChange[] {
  const was = new Map(before.regions.map((region) => [region.name, region]));
  const is = new Map(after.regions.map((region) => [region.name, region]));
  const changes = changedFields(values(before), values(after), [], null);
  for (const [name, region] of was) {
    if (!is.has(name)) changes.push({ ...ofRegion("REMOVED", name), before: specOfRegion(region), after: null });
  }
  for (const [name, region] of is) {
    const old = was.get(name);
    if (old === undefined) changes.push({ ...ofRegion("ADDED", name), before: null, after: specOfRegion(region) });
    else changes.push(...changedFields(regionValues(old), regionValues(region), ["regions", name], name));
  }
  const stayed = [...was.keys()].filter((name) => is.has(name));
  const expected = [...stayed, ...[...is.keys()].filter((name) => !was.has(name))];
  if (!isDeepStrictEqual(expected, [...is.keys()])) {
    changes.push({ kind: "CHANGED", path: ["regions"], region: null, before: [...was.keys()], after: [...is.keys()] });
  }
  return changes;
}

type Values = Readonly<Record<string, unknown>>;

function values({ regions: _, grid, ...plain }: Layout): Values {
  return { ...plain, grid: grid && specOfGrid(grid) };
}

function regionValues({ name: _, geometry, ...plain }: Region): Values {
  return { loras: null, ...plain, geometry: specOfGeometry(geometry) };
}

function ofRegion(kind: LayoutChange["kind"], name: string): Pick<LayoutChange, "kind" | "path" | "region"> {
  return { kind, path: ["regions", name], region: name };
}

function changedFields(before: Values, after: Values, path: readonly string[], region: string | null): LayoutChange[] {
  // Sorted, since the order of an object's fields says nothing about it.
  return Object.keys(after).sort().filter((field) => !isDeepStrictEqual(before[field], after[field])).map((field) => ({
    kind: "CHANGED",
    path: [...path, field],
    region,
    before: before[field],
    after: after[field],
  }));
}
