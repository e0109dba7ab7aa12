/** Which of Regional Prompter's mask colours an image has. */

import { settledColour } from "../../masks/colour_match.ts";
import { type MaskImage, OPAQUE } from "../../masks/mask_image.ts";

/** How many colours there are. */
export const MASK_COLOURS = 360;

/** Saturation and value of every mask colour. */
const SATURATION = 0.5, VALUE = 0.5;

/** How far saturation and value may be off, since uploads are compressed: there, 0.49 to 0.51 are accepted. */
export const MASK_TOLERANCE = 0.01;

/**
 * The hue of colour `index` as a fraction of the circle: 0, then the middles of what lies between earlier hues, halving
 * the distance with every round: 1/2; 1/4, 3/4; 1/8, 3/8, 5/8, 7/8; ...
 */
export function maskHue(index: number): number {
  if (index === 0) return 0;
  const round = 2 ** Math.floor(Math.log2(index));
  return (2 * (index - round) + 1) / (2 * round);
}

/** The colour of region `index`, from 0 to 359, as `#rrggbb`: HSV(hue, 0.5, 0.5) in 256 steps, rounded down. */
export function maskColour(index: number): string {
  const sector = maskHue(index) * 6;
  const channel = (shift: number) => {
    // HSV to RGB in closed form, https://en.wikipedia.org/wiki/HSL_and_HSV#HSV_to_RGB_alternative.
    const k = (shift + sector) % 6;
    const level = VALUE - VALUE * SATURATION * Math.max(0, Math.min(k, 4 - k, 1));
    return Math.floor(level * 256).toString(16).padStart(2, "0");
  };
  return `#${channel(5)}${channel(3)}${channel(1)}`;
}

/** The levels of every mask colour. */
const LEVELS = { high: VALUE * 256, low: VALUE * (1 - SATURATION) * 256 };

/** Index by colour, 0xrrggbb; of colours that round to the same one, the first. */
const INDEXES: ReadonlyMap<number, number> = new Map(
  Array.from({ length: MASK_COLOURS }, (_, i) => MASK_COLOURS - 1 - i)
    .map((index) => [parseInt(maskColour(index).slice(1), 16), index]),
);

/** The indexes of the mask colours that an image has, within {@link MASK_TOLERANCE}, in their order. */
export function maskColoursIn({ data }: MaskImage): readonly number[] {
  const found = new Set<number>();
  const darkest = (VALUE - MASK_TOLERANCE) * 255, brightest = (VALUE + MASK_TOLERANCE) * 255;
  for (let at = 0, last = -1; at < data.length; at += 4) {
    const red = data[at] ?? 0, green = data[at + 1] ?? 0, blue = data[at + 2] ?? 0;
    const max = Math.max(red, green, blue);
    const colour = red << 16 | green << 8 | blue;
    // Painted masks are flat, and most pixels of other pictures are darker or brighter.
    if (colour === last || max < darkest || max > brightest || (data[at + 3] ?? 0) < OPAQUE) continue;
    last = colour;
    const settled = settledColour([red, green, blue], LEVELS, MASK_TOLERANCE);
    const index = settled === undefined ? undefined : INDEXES.get(settled);
    if (index !== undefined) found.add(index);
  }
  return [...found].sort((a, b) => a - b);
}
