/** Points and rectangles in fractions of the canvas, origin top left. */

/** A point, both coordinates in [0, 1]. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle: its top left corner and its size. */
export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}
