/** Regions as the kernels read them: the records of `record_fields.ts`. */

import { coarseTaps, groupWeights, phaseWeights, roundedTaps } from "./coarse_blur.ts";
import type { Arena } from "./memory.ts";
import { BLURS, type RecordFields, REGION, SOURCES } from "./record_fields.ts";
import { placeShape } from "./shape_records.ts";
import { type KernelBlur, type KernelRegion, type LatentSize, shapeBounds } from "./shapes.ts";

/** The values of a record's fields. */
export type Values<F extends RecordFields> = { readonly [Name in keyof F]: number };

/** A region in memory; sizes and bounds in pixels or coarse cells. */
export type RegionRecord = Values<typeof REGION>;

/** What every field has that says nothing. */
const BLANK = Object.fromEntries(Object.keys(REGION).map((name) => [name, 0])) as RegionRecord;

/** How regions are drawn: see `Image` in `record_fields.ts`. */
export interface Drawing {
  readonly side: number | null;
  readonly stride: number;
  readonly scale: number;
  readonly size: LatentSize;
}

/** Puts a region's numbers into memory; null if it covers nothing. */
export function place(
  arena: Arena,
  { shape, blur, weight, baseRatio }: KernelRegion,
  map: number,
  drawing: Drawing,
): RegionRecord | null {
  const { side, stride, scale, size: { width, height, factor } } = drawing;
  const { left, top, right, bottom } = shapeBounds(shape, drawing.size);
  if (left >= right || top >= bottom) return null;
  const reach = blur === null ? 0 : (blur.taps.length - 1) / 2;
  const columns = Math.ceil(width / factor);
  const sharp: RegionRecord = {
    ...BLANK,
    source: SOURCES[shape.kind].value,
    left,
    top,
    right,
    bottom,
    outLeft: Math.floor(Math.max(0, left - reach) / scale),
    outTop: Math.floor(Math.max(0, top - reach) / scale),
    outRight: Math.ceil(Math.min(width, right + reach) / scale),
    outBottom: Math.ceil(Math.min(height, bottom + reach) / scale),
    map,
    weight,
    baseRatio,
    ...placeShape(arena, shape, stride, scale),
    strip: shape.kind === "PRODUCT" ? 0 : arena.take(Math.min(height, factor) / scale * stride * 4),
    kinds: arena.take(columns),
    sums: arena.take(columns * 4),
    produced: top,
  };
  if (blur === null) return sharp;
  return {
    ...sharp,
    ...(side === null ? exactBlur(arena, blur, sharp, drawing) : coarseBlur(arena, blur, sharp, side, scale)),
  };
}

function exactBlur(
  arena: Arena,
  { taps }: KernelBlur,
  { top, bottom, outLeft, outRight }: RegionRecord,
  { stride, size: { height } }: Drawing,
): Partial<RegionRecord> {
  const radius = (taps.length - 1) / 2;
  // Beyond the image its first and last rows are repeated.
  const repeated = (top === 0 ? radius : 0) + (bottom === height ? radius : 0);
  const rows = Math.min(2 * radius + 1, bottom - top + repeated);
  return {
    blur: BLURS.EXACT.value,
    taps: arena.floats(roundedTaps(taps)),
    radius,
    rows,
    columns: stride,
    work: arena.take(2 * rows * stride * 4),
    runs: arena.integers(new Int32Array(Math.ceil((outRight - outLeft) / 16))),
    produced: top === 0 ? -radius : top,
  };
}

function coarseBlur(
  arena: Arena,
  blur: KernelBlur,
  { outLeft, outTop, outRight, outBottom }: RegionRecord,
  side: number,
  scale: number,
): Partial<RegionRecord> {
  const taps = roundedTaps(coarseTaps(blur, side));
  const step = side / scale;
  // A step of 2 is drawn by pairs of cells, which begin at even ones and have five coefficients.
  const first = step === 2 ? Math.floor(outLeft / 4) * 2 : Math.floor(outLeft / step);
  const last = step === 2 ? Math.floor((outRight - 1) / 4) * 2 + 1 : Math.floor((outRight - 1) / step);
  const originX = first - 1, originY = Math.floor(outTop / step) - 1;
  const columns = Math.ceil((last + 3 - originX) / 4) * 4;
  const rows = Math.floor((outBottom - 1) / step) + 3 - originY;
  return {
    blur: BLURS.COARSE.value,
    taps: arena.floats(taps),
    radius: (taps.length - 1) / 2,
    rows,
    columns,
    originX,
    originY,
    side,
    step,
    phases: arena.floats(phaseWeights(step)),
    groups: arena.floats(groupWeights(step)),
    work: arena.take(rows * columns * 4),
  };
}

/** Writes a record, and gives its address. */
export function write<F extends RecordFields>(arena: Arena, fields: F, values: Values<F>): number {
  const names: readonly (keyof F & string)[] = Object.keys(fields);
  const at = arena.take(names.length * 4);
  const view = new DataView(arena.kernels.memory.buffer, at);
  for (const [i, name] of names.entries()) {
    if (fields[name]?.type === "f32") view.setFloat32(i * 4, values[name], true);
    else view.setInt32(i * 4, values[name], true);
  }
  return at;
}
