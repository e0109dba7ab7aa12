/** Measuring what must not take long, on machines where other programs run too. */

import assert from "node:assert/strict";

/** Times that something slow is tried again: the machine may have been busy. */
const TRIES = 5;

/**
 * What a function returns, which it must within some milliseconds, on the best of a few tries. It is called again only where
 * it was too slow.
 * @param what What took too long, for the message.
 */
export function soon<T>(milliseconds: number, call: () => T, what = "it"): T {
  for (let attempt = 1;; attempt++) {
    const begun = performance.now();
    const result = call();
    const took = performance.now() - begun;
    if (took < milliseconds) return result;
    assert(attempt < TRIES, `${what} took ${took} ms`);
  }
}
