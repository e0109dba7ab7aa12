/** What the kernels draw: regions of an image in pixels. */

/** A place in pixels, origin top left. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Pixel bounds: `left` and `top` inclusive, `right` and `bottom` exclusive. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * A mask in pixels. PRODUCT: `y[row] * x[column]`, feathered already, x [width], y [height]. EDGES: closed rings under
 * the even-odd rule. PIXELS: coverage `data` [bottom - top, right - left]. REST: what the others leave.
 */
export type KernelShape =
  | { readonly kind: "EMPTY" }
  | { readonly kind: "PRODUCT"; readonly x: Float64Array; readonly y: Float64Array }
  | { readonly kind: "EDGES"; readonly rings: readonly (readonly Place[])[] }
  | {
    readonly kind: "ELLIPSE";
    readonly cx: number;
    readonly cy: number;
    readonly rx: number;
    readonly ry: number;
  }
  | { readonly kind: "PIXELS"; readonly data: Float64Array; readonly bounds: Box }
  | { readonly kind: "REST" };

/** A blur along both axes. */
export interface KernelBlur {
  /** Standard deviation of the Gaussian in pixels, > 0. */
  readonly sigma: number;
  /** The Gaussian as it is sampled and cut: an odd number of taps that sum to 1. */
  readonly taps: Float64Array;
}

/** A region as the kernels see it. */
export interface KernelRegion {
  readonly shape: KernelShape;
  /** Null for a sharp mask; PRODUCT and REST have none. */
  readonly blur: KernelBlur | null;
  /** Share in overlaps, > 0. */
  readonly weight: number;
  /** Share that is left to the base, [0, 1]. */
  readonly baseRatio: number;
}

/** An image in pixels, and how many of them make a cell's side. */
export interface KernelSize {
  readonly width: number;
  readonly height: number;
  readonly factor: number;
}

/** Pixel bounds of what a shape covers inside of an image; empty ones have no area. */
export function shapeBounds(shape: KernelShape, { width, height }: KernelSize): Box {
  switch (shape.kind) {
    case "EMPTY":
      return { left: 0, top: 0, right: 0, bottom: 0 };
    case "REST":
      return { left: 0, top: 0, right: width, bottom: height };
    case "PIXELS":
      return shape.bounds;
    case "PRODUCT": {
      const [left, right] = extent(shape.x), [top, bottom] = extent(shape.y);
      return { left, top, right, bottom };
    }
    case "ELLIPSE": {
      const { cx, cy, rx, ry } = shape;
      return within({ left: cx - rx, top: cy - ry, right: cx + rx, bottom: cy + ry }, width, height);
    }
    case "EDGES": {
      let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
      for (const ring of shape.rings) {
        for (const { x, y } of ring) {
          left = Math.min(left, x);
          top = Math.min(top, y);
          right = Math.max(right, x);
          bottom = Math.max(bottom, y);
        }
      }
      return within({ left, top, right, bottom }, width, height);
    }
  }
}

function within({ left, top, right, bottom }: Box, width: number, height: number): Box {
  const box = {
    left: Math.max(0, Math.floor(left)),
    top: Math.max(0, Math.floor(top)),
    right: Math.min(width, Math.ceil(right)),
    bottom: Math.min(height, Math.ceil(bottom)),
  };
  return box.left < box.right && box.top < box.bottom ? box : { left: 0, top: 0, right: 0, bottom: 0 };
}

/** Where the first and behind the last value stand that are not 0. */
function extent(values: Float64Array): readonly [number, number] {
  let from = 0, to = values.length;
  while (from < to && values[from] === 0) from++;
  while (to > from && values[to - 1] === 0) to--;
  return [from, to];
}
