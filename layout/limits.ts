/** The values that a region's and a layout's numbers may take: for the checks, the descriptions and the JSON Schema. */

import type { NumberRule } from "../problems.ts";

/** Narrower canvases than 1:32 leave the UNet's deepest level less than a cell at any usual size. */
export const ASPECT = { min: 1 / 32, max: 32 } as const;

/** Weights outside of this range are lost in rounding beside others. */
export const WEIGHT = { above: 0, min: 1e-6, max: 1e6 } as const;

export const BASE_RATIO = { min: 0, max: 1 } as const;

export const FEATHER = { min: 0, max: 0.5 } as const;

/** Both ends of a window of steps. */
export const WINDOW = { min: 0, max: 1 } as const;

/** Guidance scales that a sampler survives; the generation's own scale has the same range. */
export const GUIDANCE = { min: 0, max: 100 } as const;

/** What a noise generator takes. */
export const SEED = { min: 0, max: 0xffffffff } as const;

/** Keywords of JSON Schema's validation vocabulary. */
export type Keywords = Readonly<Record<string, string | number | boolean>>;

/** The keywords that say what a rule says. */
export function keywordsOf({ above, min, max }: NumberRule): Keywords {
  return {
    ...(min !== undefined ? { minimum: min } : above !== undefined ? { exclusiveMinimum: above } : {}),
    ...(max === undefined ? {} : { maximum: max }),
  };
}

/** A range in words: `0 to 0.5`. */
export function rangeOf({ min, max }: { readonly min: number; readonly max: number }): string {
  return `${min} to ${max}`;
}
