/** By which windows a request's picture is predicted. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { WindowGrid } from "../compute/windows.ts";
import type { Maybe } from "../problems.ts";
import type { Fail } from "./fail.ts";

/** Windows as callers ask for them, in pixels; what is absent or null takes its default. */
export interface WindowsSpec {
  /** Default: the model's native size. */
  readonly size?: Maybe<number>;
  /** Default: a quarter of the size, or what of it is a multiple of the model's. */
  readonly overlap?: Maybe<number>;
}

/** The widest overlap, as a part of the size: beyond, the windows are many times the picture, and show little more. */
const MAX_OVERLAP = 3 / 4;

/** Checks the windows of a request and fills in what they leave open; undefined for none. */
export function resolveWindows(
  spec: Maybe<WindowsSpec>,
  model: Pick<UsableModel, "capabilities"> | undefined,
  fail: Fail,
): WindowGrid | undefined {
  if (spec === null || spec === undefined || model === undefined) return undefined;
  const { sizeMultiple, nativeSize } = model.capabilities;
  const whole = (value: number) => Number.isInteger(value) && value % sizeMultiple === 0;
  const size = spec.size ?? nativeSize;
  if (!whole(size) || size < nativeSize / 2) {
    const rule = `must be a multiple of ${sizeMultiple} pixels, at least ${
      nativeSize / 2
    }: half the model's native size`;
    fail("INVALID_SIZE", ["windows", "size"], size, rule);
    return undefined;
  }
  const most = Math.floor(size * MAX_OVERLAP);
  const overlap = spec.overlap ?? Math.max(1, Math.floor(size / 4 / sizeMultiple)) * sizeMultiple;
  if (!whole(overlap) || overlap < sizeMultiple || overlap > most) {
    const rule =
      `must be a multiple of ${sizeMultiple} pixels from ${sizeMultiple} to ${most}, three quarters of the size`;
    fail("INVALID_SIZE", ["windows", "overlap"], overlap, rule);
  }
  return { size, overlap };
}
