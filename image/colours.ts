/** Counting the colours of a picture. */

import type { Pixels } from "./pixels.ts";

/** A colour and how much of the picture has it. */
export interface ColourShare {
  /** `#rrggbb`, lower case. */
  readonly colour: string;
  /** Of all pixels, (0, 1]. */
  readonly share: number;
}

/**
 * The colours of a picture's opaque pixels, the most frequent first, of equally frequent ones by value; null if there
 * are more than `most`.
 * @param picture Has four channels.
 */
export function opaqueColours({ width, height, data }: Pixels, most: number): readonly ColourShare[] | null {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length;) {
    const colour = colourAt(data, at);
    const start = at;
    // Painted masks are flat: one look-up serves a run of equal pixels.
    do at += 4; while (at < data.length && colourAt(data, at) === colour);
    if (colour === TRANSPARENT) continue;
    counts.set(colour, (counts.get(colour) ?? 0) + (at - start) / 4);
    if (counts.size > most) return null;
  }
  return [...counts].sort(([a, ofA], [b, ofB]) => ofB - ofA || a - b)
    .map(([colour, count]) => ({
      colour: `#${colour.toString(16).padStart(6, "0")}`,
      share: count / (width * height),
    }));
}

const TRANSPARENT = -1;

/** 0xrrggbb; {@link TRANSPARENT} unless the pixel is wholly opaque. */
function colourAt(data: Uint8Array, at: number): number {
  if (data[at + 3] !== 255) return TRANSPARENT;
  return (data[at] ?? 0) << 16 | (data[at + 1] ?? 0) << 8 | (data[at + 2] ?? 0);
}
