/** Ids that sort by time of creation (RFC 9562, UUID version 7). */

const COUNTER_BITS = 12;

/**
 * A source of UUIDs version 7, each greater than the one before, as strings compare.
 * @param now Milliseconds since the Unix epoch.
 */
export function uuidV7Source(now: () => number): () => string {
  // The last id's milliseconds and counter (RFC 9562, section 6.2, method 1), as one number so that a counter that
  // overflows, or a clock that steps back, borrows from the next millisecond.
  let last = 0;
  return () => {
    last = Math.max(last + 1, now() * 2 ** COUNTER_BITS);
    const time = Math.floor(last / 2 ** COUNTER_BITS).toString(16).padStart(12, "0");
    const counter = (last % 2 ** COUNTER_BITS).toString(16).padStart(3, "0");
    const random = crypto.getRandomValues(new Uint8Array(8));
    const tail = random.with(0, ((random[0] ?? 0) & 0x3f) | 0x80).toHex();
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}
