/** The labels of a layout's SVG picture: each region's number, large, and its name below it where there is room. */

import { type LabelPlace, ownName } from "./label_places.ts";
import type { Layout } from "../layout.ts";
import { hex, labelColour, mix, regionColour } from "./palette.ts";
import { element, escaped } from "../svg/markup.ts";

/** Height of capitals and digits in usual sans-serif fonts, as a share of the font size. */
const CAPITALS = 0.72;

/** The smallest name that can be read, in pixels. */
const SMALLEST = 7;

/**
 * The label of region `index` at a spot in pixels.
 *
 * @param edge The picture's short edge in pixels.
 */
export function svgLabel(layout: Layout, index: number, place: LabelPlace, edge: number): string {
  const { x, y, reach, breadth } = place;
  const digits = String(index + 1), room = 2 * reach;
  const large = Math.min(room * 0.5 / CAPITALS, edge * 0.15 / CAPITALS, room * 0.8 / emWidth(digits));
  const name = ownName(layout, index);
  const small = name === undefined ? 0 : Math.min(large * 0.4, 2 * breadth * 0.9 / emWidth(name));
  const named = name !== undefined && small >= SMALLEST && (large + 2 * small) * CAPITALS <= room;
  const tall = (named ? large + 1.8 * small : large) * CAPITALS;
  const baseline = y - tall / 2 + large * CAPITALS;
  const ink = { fill: hex(labelColour(index)), stroke: hex(mix(regionColour(index), [255, 255, 255], 0.7)) };
  const text = (size: number, at: number, weight: number, content: string) =>
    element(
      "text",
      {
        x,
        y: at,
        "font-size": size,
        "font-weight": weight,
        "text-anchor": "middle",
        ...ink,
        "stroke-width": Math.max(1, size / 8),
        "stroke-opacity": 0.5,
        "stroke-linejoin": "round",
        "paint-order": "stroke",
      },
      escaped(content),
    );
  const lines = [text(large, baseline, 600, digits)];
  if (named) lines.push(text(small, baseline + 1.8 * small * CAPITALS, 500, name));
  return element("g", {}, element("title", {}, escaped(layout.regions[index]?.name ?? digits)), ...lines);
}

/** An estimate of a text's width in font sizes, on the safe side: wide scripts have square characters. */
function emWidth(text: string): number {
  return Math.max(
    0.1,
    [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) < 0x1100 ? 0.62 : 1.05), 0),
  );
}
