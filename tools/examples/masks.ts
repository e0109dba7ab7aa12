/** Draws the masks that the example layouts use: `deno run --allow-write=examples tools/examples/masks.ts`. */

import { encodePng } from "../../image/png.ts";
import { pixels } from "../../image/pixels.ts";

/** Pixels along each edge of a mask. */
const EDGE = 256;

/** Samples per pixel along each axis of a soft outline. */
const SAMPLES = 4;

/** Regional Prompter's first three mask colours, HSV(0, 180 and 90 degrees, 0.5, 0.5), and its eraser. */
const COLOURS = { land: [0x80, 0x40, 0x40], water: [0x40, 0x80, 0x80], mountains: [0x60, 0x80, 0x40] } as const;
const ERASED = [255, 255, 255] as const;

/** White on black: (x^2 + y^2 - 1)^3 <= x^2 y^3. */
function heart(): Uint8Array {
  return paint((column, row) => {
    let inside = 0;
    for (let i = 0; i < SAMPLES ** 2; i++) {
      const x = place(column + (i % SAMPLES + 0.5) / SAMPLES) * 1.4;
      const y = 0.12 - place(row + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES) * 1.4;
      if ((x * x + y * y - 1) ** 3 <= x * x * y ** 3) inside++;
    }
    const level = Math.round(255 * inside / SAMPLES ** 2);
    return [level, level, level];
  });
}

/** A coast with mountains, one colour each, and a thin line between them that nobody painted. */
function map(): Uint8Array {
  return paint((column, row) => {
    const x = place(column + 0.5), y = place(row + 0.5);
    const coast = x + 0.22 * Math.sin(3.1 * y + 0.6) + 0.08 * Math.sin(9 * y) - 0.05;
    const range = Math.hypot(x + 0.45, 1.4 * (y + 0.25) + 0.1 * Math.sin(7 * x)) - 0.33;
    if (Math.abs(coast) < 0.015 || Math.abs(range) < 0.012) return ERASED;
    return range < 0 ? COLOURS.mountains : coast < 0 ? COLOURS.land : COLOURS.water;
  });
}

/** From pixels to -1 (left or top) .. 1 (right or bottom). */
function place(pixel: number): number {
  return 2 * pixel / EDGE - 1;
}

function paint(colourAt: (column: number, row: number) => readonly [number, number, number]): Uint8Array {
  const data = new Uint8Array(EDGE * EDGE * 3);
  for (let i = 0; i < EDGE * EDGE; i++) data.set(colourAt(i % EDGE, Math.floor(i / EDGE)), 3 * i);
  return encodePng(pixels(EDGE, EDGE, 3, data), {});
}

if (import.meta.main) {
  const folder = new URL("../../examples/masks/", import.meta.url);
  Deno.writeFileSync(new URL("heart.png", folder), heart());
  Deno.writeFileSync(new URL("map.png", folder), map());
}
