/** Which source samples make each target sample along one axis, and with which weights. */

/**
 * Weights of one axis. All are whole numbers, so that sums over them are exact: a mirrored picture resizes to exactly
 * the mirrored result.
 */
export interface Taps {
  readonly from: number;
  readonly to: number;
  /** Samples per target sample. */
  readonly count: number;
  /** Source positions in [0, from), [to, count]. */
  readonly indexes: Int32Array;
  /** [to, count]; each target sample's weights add up to `total`. */
  readonly weights: Float64Array;
  readonly total: number;
  /** Whether results must stay between their samples' least and greatest value. */
  readonly limited: boolean;
}

/** The weights that take an axis of `from` samples to `to`: area averages to shrink, a cubic to grow. */
export function tapsFor(from: number, to: number): Taps {
  return to <= from ? areaTaps(from, to) : cubicTaps(from, to);
}

/** Each target sample is the mean over the stretch it covers, partly covered source samples in proportion. */
function areaTaps(from: number, to: number): Taps {
  // In units of 1 / to of a source sample, target i covers [i * from, (i + 1) * from), source j [j * to, (j + 1) * to).
  const count = from === to ? 1 : Math.ceil(from / to) + 1;
  const indexes = new Int32Array(to * count), weights = new Float64Array(to * count);
  for (let i = 0; i < to; i++) {
    const start = i * from, end = start + from;
    const first = Math.floor(start / to);
    for (let k = 0; k < count; k++) {
      const j = first + k;
      indexes[i * count + k] = Math.min(j, from - 1);
      weights[i * count + k] = Math.max(0, Math.min(end, (j + 1) * to) - Math.max(start, j * to));
    }
  }
  return { from, to, count, indexes, weights, total: from, limited: false };
}

/** Fixed-point one: two passes over 8-bit colour times 8-bit alpha stay below 2^53. */
const ONE = 2 ** 14;

/**
 * Catmull-Rom splines (Catmull and Rom, "A class of local interpolating splines", 1974), the edge samples repeated
 * beyond the border. Limited, because the spline alone overshoots beside hard edges, which shows as halos.
 */
function cubicTaps(from: number, to: number): Taps {
  const indexes = new Int32Array(to * 4), weights = new Float64Array(to * 4);
  for (let i = 0; i < to; i++) {
    // The sample's centre, (i + 0.5) * from / to - 0.5, in units of 1 / (2 * to): whole numbers.
    const centre = (2 * i + 1) * from - to;
    const first = Math.floor(centre / (2 * to));
    const fraction = centre - first * 2 * to;
    // Mirror positions share one computation, hence one rounding.
    const mirrored = fraction > to;
    const [a, b, c, d] = catmullRom((mirrored ? 2 * to - fraction : fraction) / (2 * to));
    weights.set(mirrored ? [d, c, b, a] : [a, b, c, d], i * 4);
    for (let k = 0; k < 4; k++) {
      indexes[i * 4 + k] = Math.min(from - 1, Math.max(0, first - 1 + k));
    }
  }
  return { from, to, count: 4, indexes, weights, total: ONE, limited: true };
}

/** Weights of the samples at -1, 0, 1 and 2 for a position t in [0, 0.5], adding up to ONE. */
function catmullRom(t: number): [number, number, number, number] {
  const before = Math.round(ONE * (-t + 2 * t ** 2 - t ** 3) / 2);
  const right = Math.round(ONE * (t + 4 * t ** 2 - 3 * t ** 3) / 2);
  const after = Math.round(ONE * (t ** 3 - t ** 2) / 2);
  return [before, ONE - before - right - after, right, after];
}
