/** Changes of one field of all selected regions at once. */

import type { DraftRegion } from "../draft/draft.ts";
import { draft, editLayout } from "../draft/store.ts";

/** A field's value where all have the same; "differs" where they have not. */
export function shared<Name extends keyof DraftRegion>(
  regions: readonly DraftRegion[],
  name: Name,
): DraftRegion[Name] | "differs" {
  const [first, ...others] = regions;
  const value = first?.[name];
  return others.every((other) => other[name] === value) ? value as DraftRegion[Name] : "differs";
}

/** Sets a field of regions; undefined takes it away, so that the server's default holds. Typing in a field is one step of undo. */
export function setInRegions<Name extends keyof DraftRegion>(
  regions: readonly DraftRegion[],
  name: Name,
  value: DraftRegion[Name] | undefined,
): void {
  const keys = new Set(regions.map(({ key }) => key));
  editLayout((layout) => ({
    ...layout,
    regions: layout.regions.map((region) => {
      if (!keys.has(region.key)) return region;
      const { [name]: _, ...others } = region;
      return (value === undefined ? others : { ...others, [name]: value }) as DraftRegion;
    }),
  }), `region ${[...keys].join()} ${name}`);
}

/** Where a field of regions stands, as problems name it. */
export function regionPaths(regions: readonly DraftRegion[], name: string): readonly string[] {
  return regions.map(({ key }) =>
    `layout.regions.${draft.value.layout.regions.findIndex((region) => region.key === key)}.${name}`
  );
}
