/** Which images a layout's painted masks name, and where. */

import type { FieldPath } from "../../errors.ts";
import type { Geometry, Layout } from "../layout.ts";

/** A use of an image. */
export interface MaskUse {
  /** The image's SHA-256. */
  readonly asset: string;
  /** Where it stands in the layout as callers send it, for instance `regions[1].geometry.mask.asset`. */
  readonly path: FieldPath;
}

/** Every painted mask of a layout, of disabled regions too, in the order of the layout's fields. */
export function maskUses({ regions }: Pick<Layout, "regions">): readonly MaskUse[] {
  return regions.flatMap(({ geometry }, i) => usesIn(geometry, ["regions", i, "geometry"]));
}

function usesIn(geometry: Geometry, path: FieldPath): readonly MaskUse[] {
  switch (geometry.kind) {
    case "MASK":
      return [{ asset: geometry.asset, path: [...path, "mask", "asset"] }];
    case "UNION":
      return geometry.of.flatMap((shape, i) => usesIn(shape, [...path, "union", i]));
    case "SUBTRACTION": {
      const at = [...path, "subtraction"];
      return [
        ...usesIn(geometry.from, [...at, "from"]),
        ...geometry.subtract.flatMap((shape, i) => usesIn(shape, [...at, "subtract", i])),
      ];
    }
    case "RECTANGLE":
    case "ELLIPSE":
    case "POLYGON":
    case "CELL":
    case "REST":
      return [];
  }
}
