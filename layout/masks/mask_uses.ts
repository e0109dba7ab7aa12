/** Which images a layout's painted masks name, and where. */

import type { FieldPath } from "../../errors.ts";
import type { Layout } from "../layout.ts";
import { namedImages } from "../shapes/walk.ts";

/** A use of an image. */
export interface MaskUse {
  /** The image's SHA-256. */
  readonly asset: string;
  /** Where it stands in the layout as callers send it, for instance `regions[1].geometry.mask.asset`. */
  readonly path: FieldPath;
}

/** Every painted mask of a layout, of disabled regions too, in the order of the layout's fields. */
export function maskUses({ regions }: Pick<Layout, "regions">): readonly MaskUse[] {
  return regions.flatMap(({ geometry }, i) =>
    namedImages(geometry).map(({ asset, path }) => ({ asset, path: ["regions", i, "geometry", ...path] }))
  );
}
