/**
 * The records that the kernels read from memory, field by field. `records.ts` fills them in by these tables, and
 * `deno task wasm` makes AssemblyScript's classes of them, `assembly/records.ts`.
 */

/** A field of 4 bytes: a number, or an address (`usize`). */
export interface RecordField {
  readonly type: "i32" | "f32" | "usize";
  readonly about?: string;
}

/** The fields of a record, in the order in which they lie in memory. */
export type RecordFields = Readonly<Record<string, RecordField>>;

/** What a region's mask is drawn from; nothing is drawn of EMPTY. */
export const SOURCES = {
  EMPTY: { value: 0, about: "Covers nothing." },
  PRODUCT: { value: 1, about: "The outer product of two lines of pixels: every rectangle, feathered or not." },
  EDGES: { value: 2, about: "A polygon's edges, under the even-odd rule." },
  ELLIPSE: { value: 3, about: "An ellipse, by exact areas." },
  PIXELS: { value: 4, about: "A mask that is drawn already." },
  REST: { value: 5, about: "What all the others leave." },
} as const;

/** How a mask is blurred; 0 for not at all. */
export const BLURS = {
  EXACT: { value: 1, about: "Blurred at full resolution." },
  COARSE: { value: 2, about: "Blurred on a coarse grid and interpolated." },
} as const;

/** What the caller writes about each region, and the kernels' own notes on it. */
export const REGION = {
  source: { type: "i32" },
  blur: { type: "i32" },
  left: { type: "i32", about: "Pixel bounds of the sharp shape." },
  top: { type: "i32" },
  right: { type: "i32" },
  bottom: { type: "i32" },
  outLeft: {
    type: "i32",
    about: "Bounds after the blur, inside of the image, in the pixels that masks are composed on.",
  },
  outTop: { type: "i32" },
  outRight: { type: "i32" },
  outBottom: { type: "i32" },
  map: { type: "i32", about: "Which of the maps is its own." },
  weight: { type: "f32" },
  baseRatio: { type: "f32" },
  data: {
    type: "usize",
    about:
      "PRODUCT: f32 x [stride]; EDGES: see outline.ts; ELLIPSE: f64 cx, cy, rx, ry; PIXELS: f32 rows of the bounds.",
  },
  count: { type: "i32", about: "EDGES: how many." },
  lines: { type: "usize", about: "PRODUCT: f32 y [height]." },
  strip: { type: "usize", about: "The band's rows, f32 [factor, stride], at absolute x." },
  taps: {
    type: "usize",
    about: "The blur's f32 [2 * radius + 1]: in pixels for EXACT, in coarse cells for COARSE.",
  },
  radius: { type: "i32" },
  work: {
    type: "usize",
    about:
      "EXACT: rows blurred along x, a ring of [rows, columns] at absolute x; COARSE: coefficients [rows, columns].",
  },
  rows: { type: "i32" },
  columns: { type: "i32" },
  originX: {
    type: "i32",
    about:
      "COARSE: the cell of the first coefficient, and the pixels of a cell's side as shapes are drawn, an even number.",
  },
  originY: { type: "i32" },
  side: { type: "i32" },
  step: { type: "i32", about: "COARSE: the same as masks are composed: 2 or a multiple of 4." },
  phases: {
    type: "usize",
    about: "COARSE: B-spline weights of a row's four coefficients, f32 [step, 4]; those of four pixels at once, f32x4.",
  },
  groups: { type: "usize" },
  crossing: {
    type: "usize",
    about: "EDGES: those that cross the present line, i32 [count], how many, and the next that may.",
  },
  crossings: { type: "i32" },
  next: { type: "i32" },
  produced: { type: "i32", about: "EXACT: the next row to blur along x." },
  kinds: {
    type: "usize",
    about: "Per cell column of the band: u8 0 empty, 1 full, 2 between; f32 sum of its pixels. PRODUCT: of x alone.",
  },
  sums: { type: "usize" },
  firstCell: { type: "i32", about: "The cell columns [firstCell, lastCell) that it may touch." },
  lastCell: { type: "i32" },
  lineSum: {
    type: "f32",
    about: "PRODUCT: the sum of y over the band; 1 if y is 1 all over it; 1 if it is constant.",
  },
  lineFull: { type: "i32" },
  lineConstant: { type: "i32" },
  runs: {
    type: "usize",
    about: "EXACT: per block of 16 pixels, i32: for how many rows it has been 1 up to the last; negative for 0.",
  },
} as const satisfies RecordFields;

/** An image and its cells. */
export const IMAGE = {
  width: {
    type: "i32",
    about: "Of the pixels that masks are composed on: those of the picture, or squares of 2 x 2.",
  },
  height: { type: "i32" },
  factor: { type: "i32", about: "Pixels of a cell's side." },
  cells: { type: "i32", about: "Cells in a row." },
  stride: {
    type: "i32",
    about: "Pixels from one row of a strip to the next: the width and what vectors and coarse cells write beyond it.",
  },
  fullWidth: { type: "i32", about: "Of the pixels that shapes are drawn on, always the picture's." },
  fullHeight: { type: "i32" },
  line: { type: "usize", about: "Scratch: a row of pixels with room for the widest blur on both sides." },
  places: { type: "usize", about: "Scratch: where one row crosses a polygon's edges, f64." },
  cellsOfBlur: { type: "usize", about: "Scratch: for the widest coarse grid, see `coarse_blur.ts`." },
  active: { type: "usize", about: "Scratch: the regions in a band, pointers." },
  layers: { type: "usize", about: "Scratch: per region what `overlap.ts` notes on a cell, a `Layer`." },
} as const satisfies RecordFields;

/** Bytes of what has parts of other sizes: a `Layer` of `assembly/overlap.ts`, and an edge of `assembly/outline.ts`. */
export const BYTES = { LAYER: 80, EDGE: 40 } as const;
