/** Which regions share a part of the canvas. */

export interface Pair {
  readonly names: readonly [string, string];
  /** The share of the canvas that both cover, 0 to 1. */
  readonly share: number;
}

/** Less of the canvas than this is a border that falls between pixels. */
const VISIBLE = 0.005;

/** The pairs that visibly overlap, the largest share first. @param overlaps Row and column are regions, by the order of `names`. */
export function overlapping(names: readonly string[], overlaps: readonly (readonly number[])[]): readonly Pair[] {
  return names.flatMap((name, i) =>
    names.slice(0, i).flatMap((other, j): readonly Pair[] => {
      const share = overlaps[i]?.[j] ?? 0;
      return share >= VISIBLE ? [{ names: [other, name], share }] : [];
    })
  ).sort((a, b) => b.share - a.share);
}
