/** Pictures beside each other, each under its label. */

import { type Pixels, pixels } from "../../image/pixels.ts";
import { resize } from "../../image/resize.ts";
import { Canvas } from "../../layout/picture/canvas.ts";
import { GLYPH_HEIGHT, inFont } from "../../layout/picture/font.ts";

/** Pixels of a sheet. */
const GAP = 8, TITLE = 22;

/** A picture and what is written above it. */
export interface Labelled {
  readonly label: string;
  readonly picture: Pixels;
}

/** All of them, `edge` pixels high, in one row; or below each other if they are more than three times as wide as high. */
export function sheetOf(pictures: readonly Labelled[], edge = 256): Pixels {
  const sized = pictures.map(({ label, picture }) => {
    const width = Math.round(picture.width * edge / picture.height);
    return { label, picture: picture.height === edge ? picture : resize(picture, width, edge) };
  });
  const widths = sized.map(({ picture }) => picture.width);
  const stacked = widths.some((width) => width > 3 * edge);
  const count = sized.length, cell = TITLE + edge;
  const sheet = stacked
    ? new Canvas(Math.max(...widths), count * cell + (count - 1) * GAP)
    : new Canvas(widths.reduce((sum, width) => sum + width, (count - 1) * GAP), cell);
  let left = 0, top = 0;
  for (const { label, picture } of sized) {
    sheet.write(inFont(label) ?? "", left, top + (TITLE - 2 * GLYPH_HEIGHT) / 2 - 2, 2, [40, 44, 52], [255, 255, 255]);
    place(sheet, picture, left, top + TITLE);
    if (stacked) top += cell + GAP;
    else left += picture.width + GAP;
  }
  return pixels(sheet.width, sheet.height, 4, new Uint8Array(sheet.pixels.buffer));
}

function place(sheet: Canvas, { width, height, channels, data }: Pixels, left: number, top: number): void {
  for (let i = 0; i < width * height; i++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(i * channels, i * channels + 3);
    sheet.lay(left + i % width, top + Math.floor(i / width), [red, green, blue], 1);
  }
}
