/** How large a picture becomes where its request leaves that open. */

import type { Maybe } from "../problems.ts";

/** What of a size is given. */
export interface AskedSize {
  readonly width?: Maybe<number>;
  readonly height?: Maybe<number>;
}

/** Of a model, in pixels. */
export interface ModelSizes {
  readonly nativeSize: number;
  readonly sizeMultiple: number;
}

/**
 * Width and height in pixels. What is given is taken as it is. An edge that is not given comes from the aspect and the
 * other edge; if neither is given, both come from the aspect and the area of the model's native square. They are rounded
 * to the nearest multiple of the model's size multiple, and are at least one multiple. Without an aspect, an edge that is
 * not given is the native size.
 *
 * @param aspect Width / height; null for none.
 */
export function pictureSize(
  { width, height }: AskedSize,
  aspect: number | null,
  { nativeSize, sizeMultiple }: ModelSizes,
): { readonly width: number; readonly height: number } {
  if (aspect === null) return { width: width ?? nativeSize, height: height ?? nativeSize };
  const round = (edge: number) => Math.max(1, Math.round(edge / sizeMultiple)) * sizeMultiple;
  const root = Math.sqrt(aspect);
  return {
    width: width ?? round(height === null || height === undefined ? nativeSize * root : height * aspect),
    height: height ?? round(width === null || width === undefined ? nativeSize / root : width / aspect),
  };
}
