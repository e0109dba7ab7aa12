/** Checks of coordinates and lengths, in fractions of the canvas. */

import type { FieldPath } from "../../errors.ts";
import type { Problems } from "../../problems.ts";

/** How far outside the canvas rounding may put an edge, in fractions of the canvas. */
const TOLERANCE = 1e-9;

/** A coordinate: inside of the canvas. */
export const COORDINATE = { min: -TOLERANCE, max: 1 + TOLERANCE } as const;

/** A length: greater than 0, and no longer than the canvas. */
export const LENGTH = { above: 0, max: 1 + TOLERANCE, code: "INVALID_GEOMETRY" } as const;

/** The coordinate, or NaN where it lies outside. */
export function coordinate(value: unknown, path: FieldPath, problems: Problems): number {
  const number = problems.number(value, path, {});
  if (number < COORDINATE.min || number > COORDINATE.max) {
    problems.add("INVALID_GEOMETRY", path, value, "must lie inside the canvas, from 0 to 1");
    return NaN;
  }
  return number;
}

/**
 * Notes an end beyond the canvas. NaN passes: what made it is noted already.
 * @param sum How `end` was computed, for the message.
 * @param value What is to blame for it, at `path`.
 */
export function endsInside(sum: string, end: number, value: number, path: FieldPath, problems: Problems): void {
  if (end > COORDINATE.max) {
    problems.add("INVALID_GEOMETRY", path, value, `must end inside the canvas: ${sum} is ${end}, at most 1`);
  }
}

/** Notes a start before the canvas, as {@link endsInside}. */
export function startsInside(
  difference: string,
  start: number,
  value: number,
  path: FieldPath,
  problems: Problems,
): void {
  if (start < COORDINATE.min) {
    problems.add(
      "INVALID_GEOMETRY",
      path,
      value,
      `must start inside the canvas: ${difference} is ${start}, at least 0`,
    );
  }
}
