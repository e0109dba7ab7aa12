/** Whether a pixel has a mask's colour, exactly or nearly. */

/** Whether a colour of three channels, 0 to 255 each, counts as the mask's. */
export type ColourMatch = (red: number, green: number, blue: number) => boolean;

/**
 * Matches a colour, `#rrggbb`. With tolerance 0 only the colour itself counts, with more every pixel that
 * {@link settledColour} takes to it.
 */
export function colourMatch(colour: string, tolerance: number): ColourMatch {
  const wanted = parseInt(colour.slice(1), 16);
  if (tolerance === 0) return (red, green, blue) => (red << 16 | green << 8 | blue) === wanted;
  const channels = [wanted >> 16, wanted >> 8 & 0xff, wanted & 0xff];
  const levels = { high: Math.max(...channels), low: Math.min(...channels) };
  return (red, green, blue) => settledColour([red, green, blue], levels, tolerance) === wanted;
}

/** The levels of a colour's brightest and darkest channel, which are its saturation and value. */
export interface Levels {
  readonly high: number;
  readonly low: number;
}

/**
 * A pixel's colour, 0xrrggbb, with its saturation and value (HSV) replaced by those of `levels`, in steps of 1/256, and its
 * hue kept; undefined if one of the two differs by more than the tolerance, of 1.
 *
 * The levels are 256ths and the pixel's channels 255ths, as Regional Prompter has it: there, the colours of masks are
 * HSV(hue, 1/2, 1/2) times 256, and 0.49 to 0.51 of 255 are accepted for both halves.
 */
export function settledColour(
  pixel: readonly [red: number, green: number, blue: number],
  { high, low }: Levels,
  tolerance: number,
): number | undefined {
  const [red, green, blue] = pixel;
  const max = Math.max(red, green, blue), min = Math.min(red, green, blue);
  const near = (value: number, centre: number) => value >= centre - tolerance && value <= centre + tolerance;
  if (!near(max / 255, high / 256) || !near(saturation(max, min), saturation(high, low))) return undefined;
  // Grey has no hue.
  if (max === min) return high === low ? low << 16 | low << 8 | low : undefined;
  const settled = (level: number) => Math.floor(low + (level - min) * (high - low) / (max - min));
  return settled(red) << 16 | settled(green) << 8 | settled(blue);
}

function saturation(max: number, min: number): number {
  return max === 0 ? 0 : (max - min) / max;
}
