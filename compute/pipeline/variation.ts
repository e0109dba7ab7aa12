/** Noise between two seeds: turned from the one's towards the other's, so that its variance stays 1. */

/**
 * Noise [C, h, w] turned from `from` towards `to` by `share` of the angle between them, in each column of each channel
 * by itself: the spherical interpolation of A1111's variation seeds, which has its norms along the axis of rows.
 *
 *     sin((1 - share) w) / sin(w) from + sin(share w) / sin(w) to      w = angle between the two columns
 *
 * @param height Latent cells.
 */
export function turned(
  from: Float32Array,
  to: Float32Array,
  share: number,
  { height, width }: { readonly height: number; readonly width: number },
): Float32Array {
  const noise = new Float32Array(from.length);
  const cells = height * width;
  for (let column = 0; column < from.length / height; column++) {
    const first = Math.floor(column / width) * cells + column % width;
    const [a, b] = turn(angle(from, to, first, { height, width }), share);
    for (let y = 0; y < height; y++) {
      const i = first + y * width;
      noise[i] = a * (from[i] ?? 0) + b * (to[i] ?? 0);
    }
  }
  return noise;
}

/** The angle between two columns of which element 0 is at `first`. */
function angle(
  from: Float32Array,
  to: Float32Array,
  first: number,
  { height, width }: { readonly height: number; readonly width: number },
): number {
  let product = 0, ofFrom = 0, ofTo = 0;
  for (let y = 0; y < height; y++) {
    const [a, b] = [from[first + y * width] ?? 0, to[first + y * width] ?? 0];
    product += a * b;
    ofFrom += a * a;
    ofTo += b * b;
  }
  return Math.acos(Math.min(1, Math.max(-1, product / Math.sqrt(ofFrom * ofTo))));
}

/** What the two are multiplied by. Equal or opposite columns have no direction to turn in: they are mixed straight. */
function turn(angle: number, share: number): readonly [number, number] {
  const sine = Math.sin(angle);
  if (sine < 1e-6) return [1 - share, share];
  return [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine];
}
