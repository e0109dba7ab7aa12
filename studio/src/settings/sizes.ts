/** Sizes of pictures: the usual shapes near the size that a model was trained for. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A shape with its name, `3:2`. */
export interface Preset extends Size {
  readonly label: string;
}

const SHAPES = [[1, 1], [4, 3], [3, 2], [16, 9], [2, 1], [3, 1], [3, 4], [2, 3], [9, 16]] as const;

/**
 * The usual shapes with about the area that the model was trained for.
 * @param nativeSize The edge that it was trained for, in pixels.
 * @param multiple What edges must be multiples of, in pixels.
 */
export function presets(nativeSize: number, multiple: number): readonly Preset[] {
  return SHAPES.map(([across, down]) => {
    const unit = nativeSize / Math.sqrt(across * down);
    return {
      label: `${across}:${down}`,
      width: nearest(across * unit, multiple),
      height: nearest(down * unit, multiple),
    };
  });
}

/** The other edge for one that changes, so that the picture keeps its shape; multiples only. */
export function otherEdge(edge: number, from: number, other: number, multiple: number): number {
  return nearest((edge * other) / from, multiple);
}

function nearest(pixels: number, multiple: number): number {
  return Math.max(multiple, Math.round(pixels / multiple) * multiple);
}
