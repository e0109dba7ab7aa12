/** Writing no faster than a client reads, and not for ever to one that does not. */

import type { ServerResponse } from "node:http";

/** Bytes that are handed to the socket at once; a client that takes longer for them than it may is cut off. */
export const SLICE = 64 * 1024;

/**
 * Writes bytes a slice after the other; resolves when there is room for more.
 * @throws {Error} if the client leaves, or takes nothing for `stallMs`.
 */
export async function write(bytes: Uint8Array, outgoing: ServerResponse, stallMs: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += SLICE) {
    if (outgoing.destroyed) throw new Error("The client has left");
    if (!outgoing.write(bytes.subarray(at, at + SLICE))) await once("drain", outgoing, stallMs);
  }
}

/** @throws {Error} if the client leaves, or the time is over, before it happens. */
export function once(event: "drain" | "finish", outgoing: ServerResponse, ms: number): Promise<void> {
  if (event === "finish" && outgoing.writableFinished) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => () => {
      clearTimeout(timer);
      outgoing.off(event, happened);
      outgoing.off("close", left);
      settle();
    };
    const happened = end(resolve);
    const left = end(() => reject(new Error("The client has left")));
    const timer = setTimeout(end(() => reject(new Error("The client does not read"))), ms);
    outgoing.on(event, happened);
    outgoing.on("close", left);
  });
}
