/** The few statistics that figures are made of. */

/** A median and the range that it comes from. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Median and range.
 * @throws {RangeError} without values.
 */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError("Cannot summarize no values");
  return { median: (low + high) / 2, min: Math.min(...values), max: Math.max(...values) };
}

/** Takes one sample, as a rule milliseconds. */
export type Measure = () => Promise<number>;

/** Samples of `measure`, after `warmups` that do not count. */
export async function repeated(measure: Measure, repeats: number, warmups = 1): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let i = -warmups; i < repeats; i++) {
    const sample = await measure();
    if (i >= 0) samples.push(sample);
  }
  return samples;
}

/**
 * The ratio `a / b`, pair by pair. Both are sampled in turn, so that what slows the machine down for a while slows both
 * down; who begins alternates as well.
 * @param warmups Pairs that do not count.
 */
export async function pairedRatio(a: Measure, b: Measure, repeats: number, warmups = 2): Promise<Summary> {
  let aFirst = false;
  const pair = async () => {
    aFirst = !aFirst;
    if (aFirst) {
      const numerator = await a();
      return numerator / await b();
    }
    const denominator = await b();
    return await a() / denominator;
  };
  return summarize(await repeated(pair, repeats, warmups));
}

/**
 * The ratio of two sides that are nearly equal: a round is A, B, B, A or B, A, A, B in turn, and its ratio that of the
 * sums. A load that grows or fades evenly through a round has no say at all, one that comes or goes within it half of
 * what it has in a pair.
 * @param warmups Rounds that do not count.
 */
export async function balancedRatio(a: Measure, b: Measure, rounds: number, warmups = 1): Promise<Summary> {
  let aFirst = false;
  const round = async () => {
    aFirst = !aFirst;
    const [outer, inner] = aFirst ? [a, b] : [b, a];
    const before = await outer();
    const between = await inner() + await inner();
    const around = before + await outer();
    return aFirst ? around / between : between / around;
  };
  return summarize(await repeated(round, rounds, warmups));
}
