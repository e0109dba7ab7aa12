/**
 * Fetch's `Request` and `Response` over node:http, whose server, unlike `Deno.serve`, has time-outs and limits. A body is
 * read only as far as it is asked for, and written only as fast as the client reads.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { HeldBytes } from "./held_bytes.ts";
import type { Outlet } from "./outlet.ts";
import { once, write } from "./patient_write.ts";
import { ResponseSink } from "./response_sink.ts";

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
 * @param outlet Where events come from that are no part of the body: they are written while the body has nothing to give.
 */
export async function send(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  stallMs: number,
  held: HeldBytes,
  outlet: Outlet,
): Promise<void> {
  const streamed = response.headers.has("content-length") || isEventStream(response) || isMultipart(response);
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
  const length = response.headers.get("content-length");
  const promised = length === null ? Infinity : Number(length);
  const chunks = incoming.method === "HEAD" ? null : bytes === null ? response.body : [bytes];
  const reading = chunks === response.body ? response.body?.getReader() : undefined;
  const cancel = () => void reading?.cancel().catch(() => {});
  outgoing.once("close", cancel);
  const cutDown = () => {
    cancel();
    outgoing.destroy();
    incoming.destroy();
  };
  const sink = new ResponseSink(outgoing, stallMs, held, cutDown);
  if (reading !== undefined && isEventStream(response)) outlet.sink = sink;
  try {
    if (bytes !== null && chunks !== null) await write(bytes, outgoing, stallMs);
    for (let sent = 0; reading !== undefined;) {
      const { done, value } = await reading.read();
      await sink.whenTaken();
      sent += value?.length ?? 0;
      // A file that changes while it is read: more would be taken for the next answer, and the rest waited for.
      if (sent > promised || done && length !== null && sent < promised) throw new Error("The body has another length");
      if (done) break;
      const taken = held.hold(value.length, cutOff);
      await write(value, outgoing, stallMs).finally(taken);
    }
    if (!outgoing.destroyed) {
      outgoing.end();
      await once("finish", outgoing, stallMs);
    }
  } catch {
    cutDown();
  } finally {
    release();
    outgoing.off("close", cancel);
    if (!incoming.complete) lingerOn(incoming);
  }
}

function isEventStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

function isMultipart({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("multipart/mixed") ?? false;
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
