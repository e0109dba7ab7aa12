/** Region colours that people with colour vision deficiencies tell apart, and that dark labels stand out on. */

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The "light" scheme of Paul Tol, "Colour Schemes" (SRON/EPS/TN/09-002), ordered for contrast between neighbours. */
export const PALETTE: readonly Colour[] = [
  [0x77, 0xaa, 0xdd], // light blue
  [0xee, 0x88, 0x66], // orange
  [0xee, 0xdd, 0x88], // light yellow
  [0x44, 0xbb, 0x99], // mint
  [0xff, 0xaa, 0xbb], // pink
  [0x99, 0xdd, 0xff], // light cyan
  [0xbb, 0xcc, 0x33], // pear
  [0xaa, 0xaa, 0x00], // olive
];

/** What is left unpainted, and the hatching of holes: in grey, or in red where holes are an error. */
export const PAPER: Colour = [0xf2, 0xf2, 0xef];
export const HATCH: Colour = [0xcf, 0xcf, 0xca];
export const HATCH_ERROR: Colour = [0xd6, 0x7d, 0x72];

const WHITE: Colour = [255, 255, 255];
const INK: Colour = [0x22, 0x22, 0x2e];

/** The fill of region `index`, counted from 0: the palette, then the palette again in paler and darker rounds. */
export function regionColour(index: number): Colour {
  const colour = PALETTE[index % PALETTE.length] ?? PAPER;
  const round = Math.floor(index / PALETTE.length);
  if (round === 0) return colour;
  return round % 2 === 1 ? mix(colour, WHITE, 0.5) : mix(colour, INK, 0.25);
}

/** A region's outline: its fill, darkened. */
export function outlineColour(index: number): Colour {
  return mix(regionColour(index), INK, 0.5);
}

/** A region's label: its fill, nearly black. */
export function labelColour(index: number): Colour {
  return mix(regionColour(index), INK, 0.82);
}

/** `share` of b, the rest a. */
export function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** `#rrggbb`. */
export function hex(colour: Colour): string {
  return `#${colour.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("")}`;
}
