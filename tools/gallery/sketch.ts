/** Draws the sketch that the gallery starts a picture from: `deno run --allow-write=examples tools/gallery/sketch.ts`. */

import { pixels } from "../../image/pixels.ts";
import { encodePng } from "../../image/png.ts";

/** Pixels along each edge. */
const EDGE = 256;

/** Flat colours: a yellow disc in the sky, a brown wall under a red roof, on green. */
function colourAt(x: number, y: number): readonly [number, number, number] {
  if (Math.hypot(x - 0.78, y - 0.2) < 0.11) return [250, 205, 60];
  if (0.14 < x && x < 0.54 && 0.48 < y && y < 0.8) return [200, 150, 110];
  if (y > 0.26 && y <= 0.48 && Math.abs(x - 0.34) < y - 0.2) return [200, 70, 60];
  return y < 0.66 ? [130, 195, 240] : [110, 180, 80];
}

if (import.meta.main) {
  const data = new Uint8Array(EDGE * EDGE * 3);
  for (let i = 0; i < EDGE * EDGE; i++) {
    data.set(colourAt((i % EDGE + 0.5) / EDGE, (Math.floor(i / EDGE) + 0.5) / EDGE), 3 * i);
  }
  const file = new URL("../../examples/images/sketch.png", import.meta.url);
  Deno.writeFileSync(file, encodePng(pixels(EDGE, EDGE, 3, data), {}));
}
