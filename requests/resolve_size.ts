/** The size that a request asks for, and whether the model and this deployment have it. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { FieldPath } from "../errors.ts";
import type { Fail } from "./fail.ts";
import type { RequestLimits } from "./limits.ts";
import { type AskedSize, pictureSize } from "./picture_size.ts";

/** What an open size comes from, and where its caller named it. */
export interface SizeSource {
  /** Width / height. */
  readonly aspect: number;
  /** The edge in pixels of a square of the area that is meant; absent: the model's native size. */
  readonly edge?: number;
  readonly field: FieldPath;
  readonly value: unknown;
}

/**
 * Width and height in pixels, see {@link pictureSize}. Refuses edges that are no multiple of the model's size multiple,
 * or longer than this deployment accepts; where their source made one so long, it is the source that is refused.
 * @param model Undefined where it is not known: any whole number of pixels is a multiple then.
 * @param source The picture to start from, or the layout's aspect; null for none.
 */
export function resolveSize(
  asked: AskedSize,
  source: SizeSource | null,
  model: Pick<UsableModel, "capabilities"> | undefined,
  { maxEdge }: Pick<RequestLimits, "maxEdge">,
  fail: Fail,
): { readonly width: number; readonly height: number } {
  const { sizeMultiple, nativeSize } = model?.capabilities ?? { sizeMultiple: 1, nativeSize: 1 };
  const size = pictureSize(asked, source?.aspect ?? null, { nativeSize: source?.edge ?? nativeSize, sizeMultiple });
  for (const field of ["width", "height"] as const) {
    const edge = size[field];
    const open = (asked[field] ?? undefined) === undefined;
    if (open && edge > maxEdge && source !== null) {
      const rule = `must give edges of at most ${maxEdge} pixels: here the ${field} would be ${edge}`;
      fail("INVALID_SIZE", source.field, source.value, rule);
    } else if (!Number.isInteger(edge) || edge < sizeMultiple || edge % sizeMultiple !== 0) {
      fail("INVALID_SIZE", field, edge, `must be a multiple of ${sizeMultiple} pixels`);
    } else if (edge > maxEdge) {
      fail("INVALID_SIZE", field, edge, `must be at most ${maxEdge} pixels`);
    }
  }
  return size;
}
