/** A bitmap font of capitals, digits and punctuation, 5 x 7 pixels a glyph: pictures need labels, not a font engine. */

/** Pixels of a glyph, and the distance from one glyph to the next. */
const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;
const ADVANCE = 6;

/** Seven rows from top to bottom, two hexadecimal digits each; the highest of five bits is the left pixel. */
const GLYPHS: Readonly<Record<string, string>> = {
  " ": "00000000000000",
  "0": "0e11131519110e",
  "1": "040c040404040e",
  "2": "0e11010204081f",
  "3": "1f02040201110e",
  "4": "02060a121f0202",
  "5": "1f101e0101110e",
  "6": "0608101e11110e",
  "7": "1f010204080808",
  "8": "0e11110e11110e",
  "9": "0e11110f01020c",
  A: "0e11111f111111",
  B: "1e11111e11111e",
  C: "0e11101010110e",
  D: "1c12111111121c",
  E: "1f10101e10101f",
  F: "1f10101e101010",
  G: "0e11101711110f",
  H: "1111111f111111",
  I: "0e04040404040e",
  J: "0702020202120c",
  K: "11121418141211",
  L: "1010101010101f",
  M: "111b1515111111",
  N: "11111915131111",
  O: "0e11111111110e",
  P: "1e11111e101010",
  Q: "0e11111115120d",
  R: "1e11111e141211",
  S: "0f10100e01011e",
  T: "1f040404040404",
  U: "1111111111110e",
  V: "11111111110a04",
  W: "1111111515150a",
  X: "11110a040a1111",
  Y: "1111110a040404",
  Z: "1f01020408101f",
  "-": "0000001f000000",
  "_": "0000000000001f",
  ".": "00000000000c0c",
  ",": "000000000c0408",
  ":": "000c0c000c0c00",
  "'": "0c040800000000",
  "!": "04040404000004",
  "?": "0e110102040004",
  "/": "00010204081000",
  "(": "02040808080402",
  ")": "08040202020408",
  "+": "0004041f040400",
  "&": "0c12140815120d",
  "#": "0a0a1f0a1f0a0a",
};

/** The text as the font has it, in capitals and without accents; undefined if a character is missing. */
export function inFont(text: string): string | undefined {
  const plain = text.normalize("NFD").replaceAll(/\p{M}/gu, "").toUpperCase();
  return [...plain].every((c) => Object.hasOwn(GLYPHS, c)) ? plain : undefined;
}

/** The width of a text in pixels at scale 1. */
export function textWidth(text: string): number {
  return Math.max(0, text.length * ADVANCE - (ADVANCE - GLYPH_WIDTH));
}

/** Calls `dot` for every set pixel of a text at scale 1, origin at its top left. */
export function eachDot(text: string, dot: (x: number, y: number) => void): void {
  [...text].forEach((character, i) => {
    const rows = GLYPHS[character] ?? "";
    for (let y = 0; y < GLYPH_HEIGHT; y++) {
      const bits = parseInt(rows.slice(2 * y, 2 * y + 2), 16);
      for (let x = 0; x < GLYPH_WIDTH; x++) if ((bits >> (GLYPH_WIDTH - 1 - x)) & 1) dot(i * ADVANCE + x, y);
    }
  });
}
