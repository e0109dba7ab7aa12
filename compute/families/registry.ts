/** Every family of models that can be used. */

import type { Family, FamilyMarks } from "./family.ts";
import { SDXL } from "./sdxl.ts";
import { SD1, SD2 } from "./stable_diffusion.ts";

/** The one list that a new family is added to. */
export const FAMILIES = [SD1, SD2, SDXL] as const;

/** The name of a family. */
export type ModelFamily = (typeof FAMILIES)[number]["name"];

/**
 * The family that a model folder is of; undefined if it is of none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { familyOf } from "./registry.ts";
 *
 * const family = familyOf({ textEncoders: ["text_encoder", "text_encoder_2"], unet: {} });
 * assert.equal(family?.name, "SDXL");
 * assert.equal(family?.defaults.guidanceScale, 5);
 * ```
 */
export function familyOf(marks: FamilyMarks): Family<ModelFamily> | undefined {
  return FAMILIES.find((family) => family.recognizes(marks));
}
