/**
 * Fetch's `Request` and `Response` over node:http, whose server, unlike `Deno.serve`, has time-outs and limits. A body is
 * read only as far as it is asked for, and written only as fast as the client reads.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { HeldBytes } from "./held_bytes.ts";

/** Bytes that are handed to the socket at once; a client that takes longer for them than it may is cut off. */
const SLICE = 64 * 1024;

/** Milliseconds, and bytes, for which the rest of a request is still read once it is answered. */
const LINGER_MS = 1000;
const LINGER_BYTES = 32 * 2 ** 20;

/** Makes the request; undefined if its target or its `Host` makes no address. */
export function toRequest(incoming: IncomingMessage): { readonly request: Request; leave(): void } | undefined {
  const { method = "GET", url = "/" } = incoming;
  const address = incoming.headers.host ?? "";
  // A second Host would be read by some and not by others; only proxies take whole addresses as targets.
  const hosts = incoming.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === "host");
  if (!url.startsWith("/") || hosts.length !== 1 || !URL.canParse(`http://${address}${url}`)) return undefined;
  if (!/^[\w.:[\]-]+$/.test(address)) return undefined;
  const left = new AbortController();
  const bodiless = method === "GET" || method === "HEAD";
  try {
    const request = new Request(`http://${address}${url}`, {
      method,
      headers: headersOf(incoming),
      body: bodiless ? null : bodyOf(incoming),
      signal: left.signal,
    });
    return { request, leave: () => left.abort() };
  } catch {
    return undefined; // a method that fetch forbids, such as TRACE
  }
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  return headers;
}

/** Reads nothing until it is asked to. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = incoming.iterator({ destroyOnReturn: false });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await chunks.return?.();
    },
  }, { highWaterMark: 0 });
}

/**
 * Writes a response to its end. Resolves also where the client leaves, or is cut off because it took nothing for too
 * long; the body is canceled then.
 */
export async function send(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  stallMs: number,
  held: HeldBytes,
): Promise<void> {
  const streamed = response.headers.has("content-length") ||
    /^(text\/event-stream|multipart\/mixed)/.test(response.headers.get("content-type") ?? "");
  const bytes = streamed ? null : await response.bytes(); // made already, whatever its size
  const cutOff = () => void outgoing.destroy();
  const release = held.hold(bytes?.length ?? 0, cutOff); // streams hold what they have written last
  for (const [name, value] of response.headers) {
    if (name === "connection") continue; // is what the server says it is
    if (name === "set-cookie") outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  }
  if (bytes !== null && response.status !== 204 && response.status !== 304) {
    outgoing.setHeader("content-length", bytes.length);
  }
  outgoing.writeHead(response.status);
  const chunks = incoming.method === "HEAD" ? null : bytes === null ? response.body : [bytes];
  const reading = chunks === response.body ? response.body?.getReader() : undefined;
  const cancel = () => void reading?.cancel().catch(() => {});
  outgoing.once("close", cancel);
  try {
    if (bytes !== null && chunks !== null) await write(bytes, outgoing, stallMs);
    while (reading !== undefined) {
      const { done, value } = await reading.read();
      if (done) break;
      const taken = held.hold(value.length, cutOff);
      await write(value, outgoing, stallMs).finally(taken);
    }
    if (!outgoing.destroyed) {
      outgoing.end();
      await once("finish", outgoing, stallMs);
    }
  } catch {
    cancel();
    outgoing.destroy();
    incoming.destroy();
  } finally {
    release();
    outgoing.off("close", cancel);
    if (!incoming.complete) lingerOn(incoming);
  }
}

async function write(bytes: Uint8Array, outgoing: ServerResponse, stallMs: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += SLICE) {
    if (outgoing.destroyed) throw new Error("The client has left");
    if (!outgoing.write(bytes.subarray(at, at + SLICE))) await once("drain", outgoing, stallMs);
  }
}

/** @throws {Error} if the client leaves, or the time is over, before it happens. */
function once(event: "drain" | "finish", outgoing: ServerResponse, ms: number): Promise<void> {
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

/** A client that is still sending, for instance too much, would not see its answer if the connection ended at once. */
function lingerOn(incoming: IncomingMessage): void {
  const timer = setTimeout(() => incoming.socket.destroy(), LINGER_MS);
  let bytes = 0;
  incoming.on("data", ({ length }: Uint8Array) => {
    bytes += length;
    if (bytes > LINGER_BYTES) incoming.socket.destroy();
  });
  incoming.on("error", () => {});
  const over = () => clearTimeout(timer);
  incoming.once("end", over);
  incoming.once("close", over);
  incoming.resume();
}
