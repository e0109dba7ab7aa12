/** Calls that may never answer. */

/** A call took longer than it may. */
export class LateError extends Error {
  override readonly name = "LateError";
  readonly code = "LATE";

  /** @param ms Milliseconds that it had. */
  constructor(ms: number) {
    super(`no answer in ${ms / 1000} s`);
  }
}

/**
 * What the call answers.
 * @param ms Milliseconds that it has.
 * @throws {LateError} if it takes longer; the call itself goes on.
 */
export async function inTime<T>(call: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new LateError(ms)), ms);
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
    call.catch(() => {}); // whoever waited has left
  }
}
