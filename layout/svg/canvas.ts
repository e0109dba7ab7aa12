/** What layouts are drawn on in SVG: its size, its definitions, and the parts of it. */

import type { MaskImages } from "../masks/mask_image.ts";
import type { Cell } from "../masks/ratios.ts";
import { element } from "./markup.ts";

/** What shapes are drawn on, and the masks that have been defined for it. */
export interface SvgCanvas {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly Cell[];
  readonly images: MaskImages;
  /** Markup of `defs`; drawing adds to it. */
  readonly defs: string[];
  /** References to paths that are long, and drawn more than once. */
  readonly paths: Map<string | object, string>;
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
 * Defines markup that is drawn more than once; returns the reference to it.
 *
 * @param key What it is known by.
 */
export function defineOnce(key: string | object, draw: () => string, { defs, paths }: SvgCanvas): string {
  const known = paths.get(key);
  if (known !== undefined) return known;
  const id = `path-${paths.size}`;
  paths.set(key, `#${id}`);
  defs.push(element("g", { id }, draw()));
  return `#${id}`;
}
