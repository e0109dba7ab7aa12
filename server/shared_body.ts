/** Answers out of bytes that many readers may share: a slow one costs a slice of them, not a copy. */

const SLICE = 64 * 1024;

/** An answer of these bytes, which must not change; nothing of it is copied before it is read. */
export function sharedBody(bytes: Uint8Array, headers: Readonly<Record<string, string>>): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, at += SLICE));
      if (at >= bytes.length) controller.close();
    },
  }, { highWaterMark: 0 });
  return new Response(body, { headers: { ...headers, "content-length": String(bytes.length) } });
}
