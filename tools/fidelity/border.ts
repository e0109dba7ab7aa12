/** Whether a box can be seen in a picture by its border. */

import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import { type Box, requireInside } from "./windows.ts";

/** Pixels between which the step across a border is taken: neighbours, and as far apart as latent cells. */
const DISTANCES: readonly number[] = [1, 8];

/**
 * The step across a box's border over the steps of the same length within it: the mean absolute differences of pixels' channels, in
 * both directions. 1: the border is like any other place; more where it can be seen. The larger one of steps between neighbours
 * and of steps of 8 pixels, over which a soft border spreads. Edges of the picture are no border.
 * @throws {RangeError} if the box reaches out of the picture, is the whole of it, or is not larger than 8 pixels.
 */
export function borderEnergy(picture: RgbImage, box: Box): number {
  requireInside(box, picture);
  return Math.max(...DISTANCES.map((distance) => energyAt(picture, box, distance)));
}

function energyAt(picture: RgbImage, box: Box, distance: number): number {
  const [x0, y0, x1, y1] = box;
  const before = Math.ceil(distance / 2);
  const border = new Mean(), inside = new Mean();
  for (const x of [x0, x1]) {
    if (x === 0 || x === picture.width) continue;
    for (let y = y0; y < y1; y++) border.add(step(picture, [x - before, y], [x - before + distance, y]));
  }
  for (const y of [y0, y1]) {
    if (y === 0 || y === picture.height) continue;
    for (let x = x0; x < x1; x++) border.add(step(picture, [x, y - before], [x, y - before + distance]));
  }
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      if (x + distance < x1) inside.add(step(picture, [x, y], [x + distance, y]));
      if (y + distance < y1) inside.add(step(picture, [x, y], [x, y + distance]));
    }
  }
  if (border.count === 0 || inside.count === 0) throw new RangeError(`Cannot look for a border around [${box}]`);
  return border.value / inside.value;
}

type Place = readonly [x: number, y: number];

/** The mean absolute difference of two pixels' channels. */
function step({ width, data }: RgbImage, [x0, y0]: Place, [x1, y1]: Place): number {
  const from = (y0 * width + x0) * 3, to = (y1 * width + x1) * 3;
  let sum = 0;
  for (let c = 0; c < 3; c++) sum += Math.abs((data[from + c] ?? 0) - (data[to + c] ?? 0));
  return sum / 3;
}

class Mean {
  #sum = 0;
  count = 0;

  add(value: number): void {
    this.#sum += value;
    this.count++;
  }

  get value(): number {
    return this.#sum / this.count;
  }
}
