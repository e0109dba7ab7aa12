/** What every mode of Regional Prompter comes to: a place for each region's prompt. */

import type { GeometrySpec, GridSpec } from "../../layout.ts";

/** A region's prompt and where it lies. */
export interface Place {
  readonly name: string;
  readonly prompt: string;
  /** Undefined: the next cell of the grid. Null: nowhere. */
  readonly geometry: GeometrySpec | null | undefined;
}

/** The default name of the region at `index`, also where others before it are left out. */
export function regionName(index: number): string {
  return `region ${index + 1}`;
}

/** Where the regions lie, in the order of their prompts. */
export interface Division {
  readonly places: readonly Place[];
  /** Cells per row (COLUMNS) or per column (ROWS), for lists of base ratios; one group in other modes. */
  readonly groups: readonly number[];
  readonly grid: GridSpec | null;
}
