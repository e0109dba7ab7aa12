/** Where a picture lies on a canvas that may have another shape by now. */

import type { Box } from "../draft/geometry.ts";

/** How much the shapes of a picture and of its preview may differ, whose edges are whole pixels. */
const SAME_SHAPE = 0.03;

/** Where a picture lies in a frame: all of it, or, where it has another shape, as much as shows it whole and undistorted. */
export function within(frame: Box, picture: { readonly width: number; readonly height: number } | null): Box {
  if (picture === null) return frame;
  const ratio = (picture.width / picture.height) / (frame.width / frame.height);
  if (Math.abs(ratio - 1) <= SAME_SHAPE) return frame;
  const width = frame.width * Math.min(1, ratio), height = frame.height / Math.max(1, ratio);
  return { x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width, height };
}
