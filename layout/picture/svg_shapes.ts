/** Shapes as SVG: what they fill, and the lines along their borders. */

import { contourPath, maskField } from "./contours.ts";
import type { PaintedMask, Point, Shape } from "../layout.ts";
import type { Cell } from "../masks/ratios.ts";
import { imageMask, type MaskImages } from "../masks/mask_image.ts";
import { element, number } from "./svg_markup.ts";

/** Cells along the long edge of the grid on which painted masks are traced. */
const TRACED = 256;

/** Coverages at which painted masks change their shade, each with the opacity that lifts what is below to the next. */
const SHADES = [[1 / 8, 1 / 4], [3 / 8, 1 / 3], [5 / 8, 1 / 2], [7 / 8, 1]] as const;

/** Unions of more shapes keep the lines inside of them: hiding those takes a mask per shape, of all the others. */
const CLEANED = 12;

/** What shapes are drawn on, and the masks that have been defined for it. */
export interface SvgCanvas {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly Cell[];
  readonly images: MaskImages;
  /** Markup of `defs`; drawing adds to it. */
  readonly defs: string[];
  /** References to painted masks and polygons among them: their paths are long, and drawn more than once. */
  readonly paths: Map<string | Shape, string>;
}

/** A part of the picture, in pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The whole picture, and `reach` pixels around it. */
export function wholeArea({ width, height }: Pick<SvgCanvas, "width" | "height">, reach = 0): Area {
  return { x: -reach, y: -reach, width: width + 2 * reach, height: height + 2 * reach };
}

/**
 * Defines a mask for a part of the picture: white content lets through, black content does not. Returns the reference.
 *
 * @param content Draws the mask's content, which may define masks of its own.
 */
export function defineMask({ defs }: SvgCanvas, area: Area, content: () => readonly string[]): string {
  const place = defs.push("") - 1, id = `mask-${place}`;
  defs[place] = element("mask", { id, maskUnits: "userSpaceOnUse", ...area }, ...content());
  return `url(#${id})`;
}

/** A part of the picture in one colour. */
export function sheet({ x, y, width, height }: Area, fill: string): string {
  return element("rect", { x, y, width, height, fill });
}

/**
 * The shape, filled with the inherited colour.
 *
 * @param reach Pixels by which what touches the canvas's border is drawn beyond it: a blur then finds there what the
 *   feather of `feather.ts` assumes, the border's own pixels.
 */
export function shapeFill(shape: Shape, canvas: SvgCanvas, reach: number): string {
  switch (shape.kind) {
    case "RECTANGLE":
      return box(shape, shape.x + shape.width, shape.y + shape.height, canvas, reach);
    case "CELL": {
      const cell = canvas.cells[shape.cell];
      return cell === undefined ? "" : box(cell, cell.right, cell.bottom, canvas, reach);
    }
    case "ELLIPSE": {
      const { cx, cy, rx, ry } = shape, { width, height } = canvas;
      return element("ellipse", { cx: cx * width, cy: cy * height, rx: rx * width, ry: ry * height });
    }
    case "POLYGON": {
      const path = () => {
        const rings = [shape.points, ...shape.holes].map((ring) => beyondBorder(ring, canvas, reach));
        return element("path", { d: rings.map(ringPath).join(""), "fill-rule": "evenodd" });
      };
      return reach > 0 ? path() : element("use", { href: defineOnce(shape, path, canvas) });
    }
    case "MASK":
      return element("use", { href: defineOnce(maskKey(shape), () => shades(shape, canvas), canvas) });
    case "UNION":
      return element("g", {}, ...shape.of.map((part) => shapeFill(part, canvas, reach)));
    case "SUBTRACTION":
      return element("g", { mask: defineOutside(shape.subtract, canvas, reach) }, shapeFill(shape.from, canvas, reach));
  }
}

/** The lines of a shape's border; half of their width lies outside of the shape. */
export function shapeEdges(shape: Shape, canvas: SvgCanvas): string {
  switch (shape.kind) {
    case "MASK":
      return element("path", { d: tracedPath(shape, canvas, 0.5) });
    case "UNION":
      return element(
        "g",
        {},
        ...shape.of.map((part, i) =>
          shape.of.length > CLEANED
            ? shapeEdges(part, canvas)
            : element("g", { mask: defineOutside(shape.of.toSpliced(i, 1), canvas, 0) }, shapeEdges(part, canvas))
        ),
      );
    case "SUBTRACTION":
      return element("g", {}, ...[shape.from, ...shape.subtract].map((part) => shapeEdges(part, canvas)));
    default:
      return shapeFill(shape, canvas, 0);
  }
}

/** A mask of what none of the shapes covers. */
function defineOutside(shapes: readonly Shape[], canvas: SvgCanvas, reach: number): string {
  const area = wholeArea(canvas, reach);
  return defineMask(canvas, area, () => [
    sheet(area, "#fff"),
    element("g", { fill: "#000" }, ...shapes.map((shape) => shapeFill(shape, canvas, reach))),
  ]);
}

function box(
  { x, y }: Point,
  right: number,
  bottom: number,
  { width, height }: SvgCanvas,
  reach: number,
): string {
  const low = (edge: number) => edge <= 0 ? reach : 0, high = (edge: number) => edge >= 1 ? reach : 0;
  const left = x * width - low(x), top = y * height - low(y);
  return element("rect", {
    x: left,
    y: top,
    width: right * width + high(right) - left,
    height: bottom * height + high(bottom) - top,
  });
}

/** The ring in pixels; its edges along the canvas's border are moved outwards by `reach`. */
function beyondBorder(ring: readonly Point[], { width, height }: SvgCanvas, reach: number): readonly Point[] {
  const pixel = ({ x, y }: Point): Point => ({ x: x * width, y: y * height });
  if (reach === 0) return ring.map(pixel);
  return ring.flatMap((a, i) => {
    const b = ring[(i + 1) % ring.length] ?? a;
    const along = (axis: "x" | "y", border: number) => a[axis] === border && b[axis] === border;
    const across = along("x", 0) ? -reach : along("x", 1) ? reach : 0;
    const down = along("y", 0) ? -reach : along("y", 1) ? reach : 0;
    if (across === 0 && down === 0) return [pixel(a)];
    const moved = (point: Point) => ({ x: pixel(point).x + across, y: pixel(point).y + down });
    return [pixel(a), moved(a), moved(b)];
  });
}

function ringPath(ring: readonly Point[]): string {
  return `M${ring.map(({ x, y }) => `${number(x)} ${number(y)}`).join("L")}Z`;
}

/** Defines markup that is drawn more than once; returns the reference to it. */
function defineOnce(key: string | Shape, draw: () => string, { defs, paths }: SvgCanvas): string {
  const known = paths.get(key);
  if (known !== undefined) return known;
  const id = `path-${paths.size}`;
  paths.set(key, `#${id}`);
  defs.push(element("g", { id }, draw()));
  return `#${id}`;
}

function maskKey({ asset, channel, colour, tolerance, inverted }: PaintedMask): string {
  return JSON.stringify([asset, channel, colour, tolerance, inverted]);
}

/** A painted mask in four shades, each over the one before it. */
function shades(mask: PaintedMask, canvas: SvgCanvas): string {
  return SHADES.map(([threshold, opacity]) =>
    element("path", { d: tracedPath(mask, canvas, threshold), "fill-rule": "evenodd", "fill-opacity": opacity })
  ).join("");
}

function tracedPath(shape: PaintedMask, { width, height, images }: SvgCanvas, threshold: number): string {
  const image = images.get(shape.asset);
  if (image === undefined) return "";
  const coarse = Math.min(1, TRACED / Math.max(width, height));
  const columns = Math.max(1, Math.round(width * coarse)), rows = Math.max(1, Math.round(height * coarse));
  const field = maskField(imageMask(image, shape, columns, rows), columns, rows);
  return contourPath(field, threshold, { x: width / columns, y: height / rows });
}
