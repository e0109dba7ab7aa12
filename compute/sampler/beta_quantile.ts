/** The quantile function of a symmetric beta distribution, which shapes the `beta` sigma schedule. */

/**
 * The x in 0..1 below which a share `p` of Beta(`a`, `a`) lies, to within 1e-15.
 * @param p A probability, 0 to 1.
 * @param a The shape, above 0.
 */
export function symmetricBetaQuantile(p: number, a: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  if (p > 0.5) return 1 - symmetricBetaQuantile(1 - p, a);
  // The distribution function is known up to a factor, and that is fixed by its value 1/2 at 1/2.
  const target = 2 * p * lowerTail(0.5, a);
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (lowerTail(middle, a) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The incomplete beta integral B(x; a, a) for x <= 1/2, by the continued fraction of DLMF 8.17.22. */
function lowerTail(x: number, a: number): number {
  const terms = 40;
  let fraction = 1;
  for (let k = terms; k >= 1; k--) {
    const m = k >> 1;
    const d = k % 2 === 0
      ? (m * (a - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
      : (-(a + m) * (2 * a + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    fraction = 1 + d / fraction;
  }
  return (x ** a * (1 - x) ** a) / a / fraction;
}
