/** The mask of any shape: which rasteriser draws it, and how shapes made of others are put together. */

import { type FieldPath, InvalidInputError } from "../../errors.ts";
import { subtractionMask, unionMask } from "./combine.ts";
import { ellipseMask } from "./ellipse.ts";
import type { PaintedMask, Point, Rectangle, Shape } from "../layout.ts";
import type { Mask } from "./mask.ts";
import { imageMask, type MaskImage, type MaskImages } from "./mask_image.ts";
import { polygonMask, rectangleMask } from "./rasterize.ts";
import type { Cell } from "./ratios.ts";

/** What shapes are drawn on: its size in pixels, the cells of the layout's grid and the images of painted masks. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly Cell[];
  readonly images: MaskImages;
}

/**
 * The coverage of each pixel by a shape, without feather.
 *
 * @param path Where the shape stands in the layout.
 * @throws {InvalidInputError} INVALID_GEOMETRY at a painted mask whose image is missing.
 */
export function shapeMask(shape: Shape, canvas: Canvas, path: FieldPath): Mask {
  const { width, height } = canvas;
  switch (shape.kind) {
    case "RECTANGLE":
      return boxMask(shape, shape.x + shape.width, shape.y + shape.height, canvas);
    case "ELLIPSE": {
      const { cx, cy, rx, ry } = shape;
      return ellipseMask({ cx: cx * width, cy: cy * height, rx: rx * width, ry: ry * height }, width, height);
    }
    case "POLYGON": {
      const inPixels = (ring: readonly Point[]) => ring.map(({ x, y }) => ({ x: x * width, y: y * height }));
      return polygonMask(inPixels(shape.points), width, height, shape.holes.map(inPixels));
    }
    case "MASK":
      return imageMask(findImage(shape, canvas, [...path, "mask", "asset"]), shape, width, height);
    case "CELL": {
      const cell = canvas.cells[shape.cell];
      if (cell === undefined) {
        const rule = "must be a cell of the layout's grid";
        throw new InvalidInputError("OUT_OF_RANGE", [...path, "cell"], shape.cell, rule);
      }
      return boxMask(cell, cell.right, cell.bottom, canvas);
    }
    case "UNION":
      return unionMask(shapeMasks(shape.of, canvas, [...path, "union"]));
    case "SUBTRACTION": {
      const at = [...path, "subtraction"];
      const from = shapeMask(shape.from, canvas, [...at, "from"]);
      return subtractionMask(from, shapeMasks(shape.subtract, canvas, [...at, "subtract"]));
    }
  }
}

/** Drawn as they are asked for: 256 masks of a large canvas do not fit into memory together. */
function* shapeMasks(shapes: readonly Shape[], canvas: Canvas, path: FieldPath): Generator<Mask> {
  for (const [i, shape] of shapes.entries()) yield shapeMask(shape, canvas, [...path, i]);
}

/** Right and bottom are given, not added up: those of cells are their neighbours' left and top bit for bit. */
function boxMask({ x, y }: Pick<Rectangle, "x" | "y">, right: number, bottom: number, { width, height }: Canvas): Mask {
  const edges = { left: x * width, top: y * height, right: right * width, bottom: bottom * height };
  return rectangleMask(edges, width, height);
}

function findImage({ asset }: PaintedMask, { images }: Canvas, path: FieldPath): MaskImage {
  const image = images.get(asset);
  if (image === undefined) throw new InvalidInputError("INVALID_GEOMETRY", path, asset, "must be an uploaded image");
  return image;
}
