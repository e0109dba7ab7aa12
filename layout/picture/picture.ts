/** A picture of a layout: who paints where, before anything is painted. */

import { double, float } from "../../elements.ts";
import { Canvas } from "./canvas.ts";
import { GLYPH_HEIGHT, inFont, textWidth } from "./font.ts";
import { labelPlaces, ownName } from "./label_places.ts";
import type { Holes, Layout } from "../layout.ts";
import type { WeightMaps } from "../weights/levels.ts";
import type { Mask } from "../masks/mask.ts";
import { type MaskImages, NO_IMAGES } from "../masks/mask_image.ts";
import { drawOutline } from "./outline.ts";
import { type Colour, HATCH, HATCH_ERROR, labelColour, mix, PAPER, regionColour } from "./palette.ts";
import { blendLayout, regionMasks } from "../weights/weight_maps.ts";

/**
 * Draws a layout as opaque RGBA [height, width, 4]. Regions are filled with their colours mixed by weight, so feathers,
 * overlaps and base ratios show; each is outlined, numbered from 1, and named where the name fits. Holes that stay
 * holes are hatched, in red if the layout's policy rejects them.
 *
 * @param images Of painted masks, by asset.
 * @throws {InvalidInputError} INVALID_GEOMETRY at a painted mask's asset, if `images` lacks it.
 * @throws {RangeError} if the size is not made of positive whole numbers.
 */
export function drawLayout(
  layout: Layout,
  width: number,
  height: number,
  images: MaskImages = NO_IMAGES,
): Uint8ClampedArray<ArrayBuffer> {
  const masks = regionMasks(layout, { width, height }, { images });
  const holes: Holes = layout.holes === "ERROR" ? "BASE" : layout.holes;
  const blend = blendLayout(layout, masks, { width, height, factor: 1 }, holes);
  const canvas = new Canvas(width, height);
  fill(canvas, blend.maps);
  if (layout.holes !== "NEAREST" && layout.regions.length > 0) {
    hatch(canvas, blend.holes, layout.holes === "ERROR" ? HATCH_ERROR : HATCH);
  }
  layout.regions.forEach(({ feather }, i) => {
    const mask = masks[i];
    if (mask !== undefined) drawOutline(canvas, mask, feather * Math.min(width, height), i, blend.maps);
  });
  label(canvas, layout, masks, holes);
  return canvas.pixels;
}

function fill(canvas: Canvas, maps: WeightMaps): void {
  const { width, height } = canvas;
  const colours = Array.from({ length: maps.count }, (_, r) => r === 0 ? PAPER : regionColour(r - 1));
  for (let pixel = 0; pixel < width * height; pixel++) {
    let red = 0, green = 0, blue = 0;
    for (const [r, colour] of colours.entries()) {
      const weight = float(maps.data, r * width * height + pixel);
      red += weight * colour[0];
      green += weight * colour[1];
      blue += weight * colour[2];
    }
    canvas.pixels[pixel * 4] = red;
    canvas.pixels[pixel * 4 + 1] = green;
    canvas.pixels[pixel * 4 + 2] = blue;
  }
}

/** Diagonal strokes, as strong as the hole. */
function hatch(canvas: Canvas, holes: Float64Array, colour: Colour): void {
  const { width, height } = canvas;
  const period = Math.max(6, Math.round(Math.min(width, height) / 40));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const across = Math.abs((x + y) % period - period / 2);
      const stroke = Math.min(1, Math.max(0, period / 8 + 0.5 - across));
      canvas.lay(x, y, colour, stroke * double(holes, y * width + x));
    }
  }
}

/** Each region's number, large, and its name below if it has one of its own and there is room. */
function label(canvas: Canvas, layout: Layout, masks: readonly Mask[], holes: Holes): void {
  const { width, height } = canvas;
  labelPlaces(layout, masks, { width, height }, holes).forEach((place, i) => {
    if (place === null) return;
    const number = String(i + 1);
    const room = 2 * place.reach;
    const tallest = Math.min(room * 0.5, Math.min(width, height) * 0.16);
    const scale = Math.max(1, Math.floor(Math.min(tallest / GLYPH_HEIGHT, room * 0.8 / textWidth(number))));
    const colour = regionColour(i), ink = labelColour(i), halo = mix(colour, [255, 255, 255], 0.7);

    const given = ownName(layout, i);
    const name = given === undefined ? undefined : inFont(given);
    const broad = 2 * place.breadth * 0.9;
    const size = name === undefined ? 0 : Math.min(Math.ceil(scale / 3), Math.floor(broad / textWidth(name)));
    const gap = size === 0 ? 0 : scale + size;
    const tall = GLYPH_HEIGHT * (scale + size) + gap;
    const named = size > 0 && tall <= room;

    const top = Math.round(place.y - (named ? tall : GLYPH_HEIGHT * scale) / 2);
    const centred = (text: string, dot: number) => Math.round(place.x - textWidth(text) * dot / 2);
    canvas.write(number, centred(number, scale), top, scale, ink, halo);
    if (named && name !== undefined) {
      canvas.write(name, centred(name, size), top + GLYPH_HEIGHT * scale + gap, size, ink, halo);
    }
  });
}
