/** Regions as the kernels read them: `Region` in `assembly/region.ts`, word by word. */

import { coarseTaps, groupWeights, phaseWeights, roundedTaps } from "./coarse_blur.ts";
import type { Arena } from "./memory.ts";
import { type PlacedShape, placeShape } from "./shape_records.ts";
import { type Bounds, type KernelRegion, type LatentSize, shapeBounds } from "./shapes.ts";

/** As `Region` in `assembly/region.ts`, which has the meanings; sizes and places in pixels or coarse cells. */
export interface RegionRecord extends PlacedShape {
  readonly source: number;
  readonly blur: number;
  readonly bounds: Bounds;
  readonly out: Bounds;
  readonly map: number;
  readonly weight: number;
  readonly baseRatio: number;
  readonly strip: number;
  readonly taps: number;
  readonly radius: number;
  readonly work: number;
  readonly rows: number;
  readonly columns: number;
  readonly originX: number;
  readonly originY: number;
  readonly side: number;
  readonly step: number;
  readonly phases: number;
  readonly groups: number;
  readonly kinds: number;
  readonly sums: number;
  readonly runs: number;
}

const WORDS = 40;

const SOURCES = { EMPTY: 0, PRODUCT: 1, EDGES: 2, ELLIPSE: 3, PIXELS: 4, REST: 5 } as const;

/** How regions are drawn: see `Image` in `assembly/bands.ts`. */
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
  { side, stride, scale, size }: Drawing,
): RegionRecord | null {
  const bounds = shapeBounds(shape, size);
  if (bounds.left >= bounds.right || bounds.top >= bounds.bottom) return null;
  const { width, height, factor } = size;
  const reach = blur === null ? 0 : (blur.taps.length - 1) / 2;
  const out = {
    left: Math.floor(Math.max(0, bounds.left - reach) / scale),
    top: Math.floor(Math.max(0, bounds.top - reach) / scale),
    right: Math.ceil(Math.min(width, bounds.right + reach) / scale),
    bottom: Math.ceil(Math.min(height, bounds.bottom + reach) / scale),
  };
  const columns = Math.ceil(width / factor);
  const { data, count, lines, crossing } = placeShape(arena, shape, stride, scale);
  const record = {
    source: SOURCES[shape.kind],
    blur: 0,
    bounds,
    out,
    map,
    weight,
    baseRatio,
    data,
    count,
    lines,
    crossing,
    strip: shape.kind === "PRODUCT" ? 0 : arena.take(Math.min(height, factor) / scale * stride * 4),
    kinds: arena.take(columns),
    sums: arena.take(columns * 4),
    taps: 0,
    radius: 0,
    work: 0,
    rows: 0,
    columns: 0,
    originX: 0,
    originY: 0,
    side: 0,
    step: 0,
    phases: 0,
    groups: 0,
    runs: 0,
  };
  if (blur === null) return record;
  if (side === null) {
    const repeated = (bounds.top === 0 ? reach : 0) + (bounds.bottom === height ? reach : 0);
    const rows = Math.min(2 * reach + 1, bounds.bottom - bounds.top + repeated);
    return {
      ...record,
      blur: 1,
      taps: arena.floats(roundedTaps(blur.taps)),
      radius: reach,
      rows,
      columns: stride,
      work: arena.take(2 * rows * stride * 4),
      runs: arena.integers(new Int32Array(Math.ceil((out.right - out.left) / 16))),
    };
  }
  const taps = roundedTaps(coarseTaps(blur, side));
  const step = side / scale;
  // A step of 2 is drawn by pairs of cells, which begin at even ones and have five coefficients.
  const first = step === 2 ? Math.floor(out.left / 4) * 2 : Math.floor(out.left / step);
  const last = step === 2 ? Math.floor((out.right - 1) / 4) * 2 + 1 : Math.floor((out.right - 1) / step);
  const originX = first - 1, originY = Math.floor(out.top / step) - 1;
  const across = Math.ceil((last + 3 - originX) / 4) * 4;
  const rows = Math.floor((out.bottom - 1) / step) + 3 - originY;
  return {
    ...record,
    blur: 2,
    taps: arena.floats(taps),
    radius: (taps.length - 1) / 2,
    rows,
    columns: across,
    originX,
    originY,
    side,
    step,
    phases: arena.floats(phaseWeights(step)),
    groups: arena.floats(groupWeights(step)),
    work: arena.take(rows * across * 4),
  };
}

/** Writes a record, and gives its address. */
export function write(arena: Arena, record: RegionRecord): number {
  const { bounds, out, weight, baseRatio } = record;
  const at = arena.take(WORDS * 4), { buffer } = arena.kernels.memory;
  const integers = new Int32Array(buffer, at, WORDS), floats = new Float32Array(buffer, at, WORDS);
  integers.fill(0);
  integers.set([record.source, record.blur, bounds.left, bounds.top, bounds.right, bounds.bottom]);
  integers.set([out.left, out.top, out.right, out.bottom, record.map], 6);
  floats.set([weight, baseRatio], 11);
  integers.set([record.data, record.count, record.lines, record.strip, record.taps, record.radius], 13);
  integers.set([record.work, record.rows, record.columns, record.originX, record.originY, record.side], 19);
  integers.set([record.step, record.phases, record.groups, record.crossing], 25);
  integers[31] = bounds.top === 0 ? -record.radius : bounds.top; // the next row to blur
  integers.set([record.kinds, record.sums], 32);
  integers[39] = record.runs;
  return at;
}
