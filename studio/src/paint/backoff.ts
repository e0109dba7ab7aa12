/** How long to wait before asking again a server that did not answer. */

const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/**
 * Milliseconds before the next attempt: twice as long each time up to 20 s, and at random between half of that and all of
 * it, so that the clients of a server that starts again do not all come at once.
 * @param attempt Attempts so far that failed in a row, from 0.
 * @param random 0 to 1.
 */
export function backoff(attempt: number, random: number = Math.random()): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (0.5 + random / 2);
}
