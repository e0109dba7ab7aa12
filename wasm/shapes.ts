/** What is drawn, in pixels: by the kernels, and by their twins in `layout/`. */

/** A point in pixels, origin top left. */
export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/** An ellipse in pixels: centre and radii, both > 0. */
export interface PixelEllipse {
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
}

/** Pixel bounds: `left` and `top` inclusive, `right` and `bottom` exclusive. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Coverage in [0, 1] per pixel, 0 outside of the bounds. PRODUCT is the outer product `y[row] * x[column]` with x [width]
 * and y [height]: every rectangle, feathered or not, since a separable blur keeps products. PIXELS holds `data`
 * [bottom - top, right - left].
 */
export type Mask =
  | { readonly kind: "PRODUCT"; readonly x: Float64Array; readonly y: Float64Array; readonly bounds: Bounds }
  | { readonly kind: "PIXELS"; readonly data: Float64Array; readonly bounds: Bounds };

/**
 * What the kernels draw. EDGES: closed rings under the even-odd rule. REST: what the others leave. A mask has been drawn
 * already, and a product feathered too.
 */
export type KernelShape =
  | { readonly kind: "EMPTY" }
  | { readonly kind: "EDGES"; readonly rings: readonly (readonly PixelPoint[])[] }
  | ({ readonly kind: "ELLIPSE" } & PixelEllipse)
  | { readonly kind: "REST" }
  | Mask;

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

/** An image size in pixels, and how many of them make a latent cell's side (the VAE factor, usually 8). */
export interface LatentSize {
  readonly width: number;
  readonly height: number;
  readonly factor: number;
}

/** Pixel bounds of what a shape covers inside of an image; empty ones have no area. */
export function shapeBounds(shape: KernelShape, { width, height }: LatentSize): Bounds {
  switch (shape.kind) {
    case "EMPTY":
      return { left: 0, top: 0, right: 0, bottom: 0 };
    case "REST":
      return { left: 0, top: 0, right: width, bottom: height };
    case "PIXELS":
    case "PRODUCT":
      return shape.bounds;
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

function within({ left, top, right, bottom }: Bounds, width: number, height: number): Bounds {
  const box = {
    left: Math.max(0, Math.floor(left)),
    top: Math.max(0, Math.floor(top)),
    right: Math.min(width, Math.ceil(right)),
    bottom: Math.min(height, Math.ceil(bottom)),
  };
  return box.left < box.right && box.top < box.bottom ? box : { left: 0, top: 0, right: 0, bottom: 0 };
}
