/** An RGBA image that colours are laid on. */

import { eachDot } from "./font.ts";
import type { Colour } from "./palette.ts";

/** Row-major pixels [height, width, 4], opaque. */
export class Canvas {
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;

  constructor(readonly width: number, readonly height: number) {
    this.pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  }

  /** Lays `share` in [0, 1] of a colour on a pixel; pixels outside of the image are ignored. */
  lay(x: number, y: number, [red, green, blue]: Colour, share: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height || share <= 0) return;
    const at = (y * this.width + x) * 4;
    const { pixels } = this;
    // Inside of the image, and so in range.
    pixels[at] = (pixels[at] ?? 0) * (1 - share) + red * share;
    pixels[at + 1] = (pixels[at + 1] ?? 0) * (1 - share) + green * share;
    pixels[at + 2] = (pixels[at + 2] ?? 0) * (1 - share) + blue * share;
  }

  /** Writes a text, `scale` pixels a dot, with its top left at (left, top), on a soft halo that keeps it readable. */
  write(text: string, left: number, top: number, scale: number, ink: Colour, halo: Colour): void {
    const around = Math.max(1, Math.floor(scale / 4));
    const shade = new Set<number>();
    const square = (x: number, y: number, margin: number, visit: (x: number, y: number) => void) => {
      for (let j = -margin; j < scale + margin; j++) {
        for (let i = -margin; i < scale + margin; i++) visit(left + x * scale + i, top + y * scale + j);
      }
    };
    eachDot(text, (x, y) => square(x, y, around, (px, py) => shade.add(py * this.width + px)));
    for (const pixel of shade) this.lay(pixel % this.width, Math.floor(pixel / this.width), halo, 0.4);
    eachDot(text, (x, y) => square(x, y, 0, (px, py) => this.lay(px, py, ink, 1)));
  }
}
