/** Outlines of masks as SVG paths: marching squares with linear interpolation. */

import { type Mask, writeRow } from "../masks/mask.ts";

/** Coverages [height, width] of pixel centres; 0 outside. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array | Float64Array;
}

/** A mask as a field. */
export function maskField(mask: Mask, width: number, height: number): Field {
  const values = new Float64Array(width * height);
  for (let y = 0; y < height; y++) writeRow(mask, y, values.subarray(y * width, (y + 1) * width));
  return { width, height, values };
}

/**
 * The closed lines along which a field passes `threshold`, as SVG path data to be filled by the even-odd rule; empty if it
 * never does. `scale` is the size of a pixel in the path's units.
 *
 * Lorensen & Cline, "Marching Cubes" (1987), in two dimensions: each square of four neighbouring pixel centres holds up
 * to two pieces of the line, whose ends lie on the square's sides. Pieces run with the inside to their left, so each side
 * is left by one piece at most, and following them from side to side closes the lines.
 */
export function contourPath(field: Field, threshold: number, scale: Scale): string {
  const next = new Map<number, number>();
  for (let y = -1; y < field.height; y++) {
    for (let x = -1; x < field.width; x++) addPieces(field, threshold, x, y, next);
  }
  const paths: string[] = [];
  for (const start of next.keys()) {
    if (!next.has(start)) continue;
    const ring: Spot[] = [];
    for (let side: number | undefined = start; side !== undefined;) {
      ring.push(crossing(field, threshold, side, scale));
      const following: number | undefined = next.get(side);
      next.delete(side);
      side = following === undefined || !next.has(following) ? undefined : following;
    }
    paths.push(`M${withoutStraights(ring).map(([x, y]) => `${short(x)} ${short(y)}`).join("L")}Z`);
  }
  return paths.join("");
}

/** How far from a straight line a point may lie that is left out, and how long such lines may get, in the path's units. */
const STRAIGHT = 0.02, LONGEST = 8;

interface Scale {
  readonly x: number;
  readonly y: number;
}

type Spot = readonly [x: number, y: number];

/** The sides of the square right of and below pixel (x, y), numbered over the whole field with a border of one pixel. */
function sides({ width }: Field, x: number, y: number) {
  const corner = (cx: number, cy: number) => 2 * ((cy + 1) * (width + 2) + cx + 1);
  return { top: corner(x, y), bottom: corner(x, y + 1), left: corner(x, y) + 1, right: corner(x + 1, y) + 1 };
}

function addPieces(field: Field, threshold: number, x: number, y: number, next: Map<number, number>): void {
  const inside = (dx: number, dy: number) => valueAt(field, x + dx, y + dy) >= threshold;
  const state = Number(inside(0, 0)) | Number(inside(1, 0)) << 1 | Number(inside(1, 1)) << 2 |
    Number(inside(0, 1)) << 3;
  if (state === 0 || state === 15) return;
  const { top, right, bottom, left } = sides(field, x, y);
  switch (state) {
    case 1:
      return void next.set(top, left);
    case 2:
      return void next.set(right, top);
    case 3:
      return void next.set(right, left);
    case 4:
      return void next.set(bottom, right);
    case 6:
      return void next.set(bottom, top);
    case 7:
      return void next.set(bottom, left);
    case 8:
      return void next.set(left, bottom);
    case 9:
      return void next.set(top, bottom);
    case 11:
      return void next.set(right, bottom);
    case 12:
      return void next.set(left, right);
    case 13:
      return void next.set(top, right);
    case 14:
      return void next.set(left, top);
    case 5:
      // Two opposite corners, kept apart.
      next.set(top, left);
      return void next.set(bottom, right);
    case 10:
      next.set(right, top);
      return void next.set(left, bottom);
  }
}

/** Where the line crosses a side: between two centres, nearer to the one whose value is nearer to the threshold. */
function crossing(field: Field, threshold: number, side: number, scale: Scale): Spot {
  const corner = Math.floor(side / 2), down = side % 2 === 1;
  const x = corner % (field.width + 2) - 1, y = Math.floor(corner / (field.width + 2)) - 1;
  const a = valueAt(field, x, y), b = down ? valueAt(field, x, y + 1) : valueAt(field, x + 1, y);
  const share = (threshold - a) / (b - a);
  return [(x + 0.5 + (down ? 0 : share)) * scale.x, (y + 0.5 + (down ? share : 0)) * scale.y];
}

function valueAt({ width, height, values }: Field, x: number, y: number): number {
  return x < 0 || y < 0 || x >= width || y >= height ? 0 : values[y * width + x] ?? 0; // within the field
}

/** Drops the points in the middle of lines that are straight to the eye. */
function withoutStraights(ring: readonly Spot[]): readonly Spot[] {
  const kept: Spot[] = [];
  ring.forEach((b, i) => {
    const a = kept.at(-1) ?? ring.at(-1) ?? b, c = ring[(i + 1) % ring.length] ?? b;
    const length = Math.hypot(c[0] - a[0], c[1] - a[1]);
    const aside = Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / length;
    if (!(aside <= STRAIGHT) || length > LONGEST) kept.push(b);
  });
  return kept.length < 3 ? ring : kept;
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}
