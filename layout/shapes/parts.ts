/** What shapes share that are made of others. */

import type { FieldPath } from "../../errors.ts";
import type { Mask } from "../masks/mask.ts";
import { defineMask, sheet, type SvgCanvas, wholeArea } from "../svg/canvas.ts";
import { element } from "../svg/markup.ts";
import type { AnyGeometry, PartsInSvg, Reading } from "./kind.ts";

/** The most shapes of a layout, unions and subtractions counted too: each is drawn at full resolution. */
export const MAX_SHAPES = 256;

/** The shapes of a list, which holds at least one; undefined where one of them is broken. */
export function readShapes(spec: unknown, path: FieldPath, reading: Reading): readonly AnyGeometry[] | undefined {
  const { problems } = reading;
  const before = problems.found.length;
  const items = problems.items(spec, path);
  if (problems.found.length > before) return undefined;
  if (items.length === 0) {
    problems.add("INVALID_GEOMETRY", path, spec, "must have at least one shape");
    return undefined;
  }
  const shapes: AnyGeometry[] = [];
  for (const [i, item] of items.entries()) {
    const shape = reading.shape(item, [...path, i]);
    if (shape !== undefined) shapes.push(shape);
    if (reading.usage.shapes > MAX_SHAPES) break;
  }
  return shapes.length === items.length ? shapes : undefined;
}

/** Drawn as they are asked for: 256 masks of a large canvas do not fit into memory together. */
export function* partMasks(
  shapes: readonly AnyGeometry[],
  path: FieldPath,
  part: (shape: AnyGeometry, path: FieldPath) => Mask,
): Generator<Mask> {
  for (const [i, shape] of shapes.entries()) yield part(shape, [...path, i]);
}

/** A mask in SVG of what none of the shapes covers. */
export function defineOutside(
  shapes: readonly AnyGeometry[],
  canvas: SvgCanvas,
  reach: number,
  parts: PartsInSvg,
): string {
  const area = wholeArea(canvas, reach);
  return defineMask(canvas, area, () => [
    sheet(area, "#fff"),
    element("g", { fill: "#000" }, ...shapes.map((shape) => parts.fill(shape, reach))),
  ]);
}
