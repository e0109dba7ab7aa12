/** The square windows through which a box of a picture is looked at. */

import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";

/** A part of a picture in pixels: [x0, y0, x1, y1], the last two just outside. */
export type Box = readonly [number, number, number, number];

/** Sides of the windows, as shares of the box's shorter side. */
const SIDES: readonly number[] = [0.32, 0.45, 0.63, 0.85, 1];

/**
 * Square windows of every side, at most a third of a side apart, from edge to edge of the box: as
 * `training/beds/verdict.py` places them, row by row.
 * @throws {RangeError} if the box has no area.
 */
export function windows(box: Box): readonly Box[] {
  const [x0, y0, x1, y1] = box;
  if (!(x1 > x0 && y1 > y0)) throw new RangeError(`Cannot look through windows at [${box}]: it has no area`);
  return SIDES.flatMap((share) => {
    const side = Math.max(1, roundHalfEven(share * Math.min(x1 - x0, y1 - y0)));
    return starts(y0, y1, side).flatMap((y) =>
      starts(x0, x1, side).map((x) => [x, y, x + side, y + side] as const satisfies Box)
    );
  });
}

/** A place in fractions of a picture, in its pixels. */
export function inPixels([x0, y0, x1, y1]: Box, { width, height }: Pick<RgbImage, "width" | "height">): Box {
  return [Math.round(x0 * width), Math.round(y0 * height), Math.round(x1 * width), Math.round(y1 * height)];
}

/** @throws {RangeError} if a box has no area or reaches out of a picture. */
export function requireInside([x0, y0, x1, y1]: Box, { width, height }: Pick<RgbImage, "width" | "height">): void {
  if (!(x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height && x0 < x1 && y0 < y1)) {
    throw new RangeError(`Cannot cut [${[x0, y0, x1, y1]}] out of a picture of ${width} x ${height}`);
  }
}

/** Where windows begin along one axis: evenly, the first and the last at the box's edges. */
function starts(from: number, to: number, side: number): readonly number[] {
  const gaps = Math.ceil((to - from - side) / (side / 3));
  const places = Array.from(
    { length: gaps + 1 },
    (_, i) => gaps === 0 ? from : roundHalfEven(from + i * ((to - side - from) / gaps)),
  );
  return [...new Set(places)];
}

/** Halves go to the even neighbour, as Python and NumPy round. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value), rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}
