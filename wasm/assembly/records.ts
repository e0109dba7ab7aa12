// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/** What the caller writes for the kernels. Made of `../record_fields.ts` by `deno task wasm`; not to be edited. */

/** The outer product of two lines of pixels: every rectangle, feathered or not. */
export const PRODUCT: i32 = 1;
/** A polygon's edges, under the even-odd rule. */
export const EDGES: i32 = 2;
/** An ellipse, by exact areas. */
export const ELLIPSE: i32 = 3;
/** A mask that is drawn already. */
export const PIXELS: i32 = 4;
/** What all the others leave. */
export const REST: i32 = 5;
/** Blurred at full resolution. */
export const EXACT: i32 = 1;
/** Blurred on a coarse grid and interpolated. */
export const COARSE: i32 = 2;

export const LAYER: usize = 80;
export const EDGE: usize = 40;

/** What the caller writes about each region, and the kernels' own notes on it. */
@unmanaged
export class Region {
  source: i32;
  blur: i32;
  /** Pixel bounds of the sharp shape. */
  left: i32;
  top: i32;
  right: i32;
  bottom: i32;
  /** Bounds after the blur, inside of the image, in the pixels that masks are composed on. */
  outLeft: i32;
  outTop: i32;
  outRight: i32;
  outBottom: i32;
  /** Which of the maps is its own. */
  map: i32;
  weight: f32;
  baseRatio: f32;
  /** PRODUCT: f32 x [stride]; EDGES: see outline.ts; ELLIPSE: f64 cx, cy, rx, ry; PIXELS: f32 rows of the bounds. */
  data: usize;
  /** EDGES: how many. */
  count: i32;
  /** PRODUCT: f32 y [height]. */
  lines: usize;
  /** The band's rows, f32 [factor, stride], at absolute x. */
  strip: usize;
  /** The blur's f32 [2 * radius + 1]: in pixels for EXACT, in coarse cells for COARSE. */
  taps: usize;
  radius: i32;
  /** EXACT: rows blurred along x, a ring of [rows, columns] at absolute x; COARSE: coefficients [rows, columns]. */
  work: usize;
  rows: i32;
  columns: i32;
  /** COARSE: the cell of the first coefficient, and the pixels of a cell's side as shapes are drawn, an even number. */
  originX: i32;
  originY: i32;
  side: i32;
  /** COARSE: the same as masks are composed: 2 or a multiple of 4. */
  step: i32;
  /** COARSE: B-spline weights of a row's four coefficients, f32 [step, 4]; those of four pixels at once, f32x4. */
  phases: usize;
  groups: usize;
  /** EDGES: those that cross the present line, i32 [count], how many, and the next that may. */
  crossing: usize;
  crossings: i32;
  next: i32;
  /** EXACT: the next row to blur along x. */
  produced: i32;
  /** Per cell column of the band: u8 0 empty, 1 full, 2 between; f32 sum of its pixels. PRODUCT: of x alone. */
  kinds: usize;
  sums: usize;
  /** The cell columns [firstCell, lastCell) that it may touch. */
  firstCell: i32;
  lastCell: i32;
  /** PRODUCT: the sum of y over the band; 1 if y is 1 all over it; 1 if it is constant. */
  lineSum: f32;
  lineFull: i32;
  lineConstant: i32;
  /** EXACT: per block of 16 pixels, i32: for how many rows it has been 1 up to the last; negative for 0. */
  runs: usize;
}

/** An image and its cells. */
@unmanaged
export class Image {
  /** Of the pixels that masks are composed on: those of the picture, or squares of 2 x 2. */
  width: i32;
  height: i32;
  /** Pixels of a cell's side. */
  factor: i32;
  /** Cells in a row. */
  cells: i32;
  /** Pixels from one row of a strip to the next: the width and what vectors and coarse cells write beyond it. */
  stride: i32;
  /** Of the pixels that shapes are drawn on, always the picture's. */
  fullWidth: i32;
  fullHeight: i32;
  /** Scratch: a row of pixels with room for the widest blur on both sides. */
  line: usize;
  /** Scratch: where one row crosses a polygon's edges, f64. */
  places: usize;
  /** Scratch: for the widest coarse grid, see `coarse_blur.ts`. */
  cellsOfBlur: usize;
  /** Scratch: the regions in a band, pointers. */
  active: usize;
  /** Scratch: per region what `overlap.ts` notes on a cell, a `Layer`. */
  layers: usize;
}
