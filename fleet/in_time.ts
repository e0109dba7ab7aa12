/** Calls that may never answer. */

/**
 * What the call answers.
 * @param ms Milliseconds that it has.
 * @throws {Error} if it takes longer; the call itself goes on.
 */
export async function inTime<T>(call: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No answer in ${ms} ms`)), ms);
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
    call.catch(() => {}); // whoever waited has left
  }
}
