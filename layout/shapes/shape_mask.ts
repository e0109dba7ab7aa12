/** The mask of any shape. */

import type { FieldPath } from "../../errors.ts";
import type { Mask } from "../masks/mask.ts";
import type { AnyGeometry, Canvas } from "./kind.ts";
import { shapeKind } from "./list.ts";

/**
 * The coverage of each pixel by a shape, without feather.
 *
 * @param path Where the shape stands in the layout.
 * @throws {InvalidInputError} INVALID_GEOMETRY at a painted mask whose image is missing.
 */
export function shapeMask(shape: AnyGeometry, canvas: Canvas, path: FieldPath): Mask {
  const kind = shapeKind(shape);
  return kind.mask(shape, canvas, [...path, kind.field], (part, at) => shapeMask(part, canvas, at));
}
