/** How long to wait before the next attempt to reach a server that is away. */

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** Milliseconds: a second, doubled with every failure up to 30, and up to a quarter less, so that pages do not come all at once. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  return Math.min(FIRST_MS * 2 ** failures, LONGEST_MS) * (1 - random() / 4);
}
