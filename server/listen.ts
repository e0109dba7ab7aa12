/** The port: connections, how many there may be and how long each may take over what it sends and reads. */

import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getLogger } from "@logtape/logtape";
import type { ObservedRequest } from "../observe/http.ts";
import { send, toRequest } from "./fetch_over_node.ts";
import type { HeldBytes } from "./held_bytes.ts";
import type { Outlet } from "./outlet.ts";

const log = getLogger(["parterre", "http"]);

/** Milliseconds that requests have left to end when the server shuts down. */
const SHUTDOWN_GRACE_MS = 3000;
/** Milliseconds for which a connection without a request is kept. */
const KEEP_ALIVE_MS = 15_000;
/** Bytes of all headers of a request with its target, and of the target alone. */
const MAX_HEADER_BYTES = 32 * 1024;
const MAX_TARGET_LENGTH = 16 * 1024;
/** Requests that a connection may have sent without waiting for their answers. */
const MAX_PIPELINED = 8;

/** Where to listen, and what connections may do. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Open at once. */
  readonly maxConnections: number;
  /** Milliseconds for the headers of a request. */
  readonly headerTimeout: number;
  /** Milliseconds for a whole request. */
  readonly requestTimeout: number;
  /** Milliseconds for which a client may take nothing of what it is being sent. */
  readonly stallTimeout: number;
}

/** The two ends of a connection. */
export interface Connection {
  /** The client's address. */
  readonly address: string;
  /** The address that it connected to. */
  readonly localAddress: string;
}

/** What answers. */
export interface Handlers {
  /** Begins to observe a request, also one that cannot be read. */
  observe(incoming: IncomingMessage): ObservedRequest;
  /** @param outlet Leads past the response's body, if that is a stream of events. */
  request(request: Request, connection: Connection, outlet: Outlet): Promise<Response>;
  /** Takes a WebSocket's connection over, or answers why not. */
  upgrade(request: Request, connection: Connection, upgrade: Upgrade): Promise<Response | undefined>;
}

/** A connection that asks to become a WebSocket. */
export interface Upgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Uint8Array;
}

/** An open port. */
export interface Listener {
  /** For instance `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Open connections. */
  readonly connections: number;
  /** Stops accepting, and waits a little for what is being answered. */
  shutdown(): Promise<void>;
}

/**
 * Starts listening.
 * @param held What waits to be read by clients.
 * @throws {Error} with the system's code, such as EADDRINUSE.
 */
export async function listen(options: ListenOptions, held: HeldBytes, handlers: Handlers): Promise<Listener> {
  const connections = new Set<Socket>();
  const server = createServer(
    // A variable, because the types do not know shouldUpgradeCallback yet.
    nodeOptions(options),
    (incoming, outgoing) => void answer(incoming, outgoing, handlers, options.stallTimeout, held),
  );
  server.maxConnections = options.maxConnections;
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => {
      connections.delete(socket);
      endUnsent(socket);
    });
  });
  server.on("clientError", refuseBroken);
  server.on("upgrade", (incoming, socket, head) => void upgrade({ incoming, socket, head }, handlers));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port, backlog: 511 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => log.error("The port failed: {error}", { error }));
  return {
    url: urlOf(server),
    get connections() {
      return connections.size;
    },
    shutdown: () => shutdown(server, connections),
  };
}

function nodeOptions(options: ListenOptions) {
  return {
    headersTimeout: options.headerTimeout,
    requestTimeout: Math.max(options.requestTimeout, options.headerTimeout), // must not be less
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(1000, options.headerTimeout / 2),
    maxHeaderSize: MAX_HEADER_BYTES,
    noDelay: true,
    keepAlive: true,
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket",
  };
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("A TCP server has an address and a port");
  return `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
}

function ends({ socket }: IncomingMessage): Connection {
  const plain = (address = "") => address.replace(/^::ffff:(?=\d+\.)/, ""); // an IPv4 client of an IPv6 port
  return { address: plain(socket.remoteAddress), localAddress: plain(socket.localAddress) };
}

/** What a connection's requests are being answered with. */
const pending = new WeakMap<Duplex, Set<ServerResponse>>();

/** Ends answers that waited for those before them when their connection ended: node closes only the one being sent. */
function endUnsent(socket: Duplex): void {
  for (const outgoing of pending.get(socket) ?? []) {
    if (outgoing.socket !== null) continue;
    outgoing.destroy();
    outgoing.emit("close");
  }
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handlers: Handlers,
  stallMs: number,
  held: HeldBytes,
): Promise<void> {
  const { socket } = incoming;
  const waiting = pending.get(socket) ?? new Set();
  pending.set(socket, waiting.add(outgoing));
  if (waiting.size > MAX_PIPELINED) return void socket.destroy();
  const observed = handlers.observe(incoming);
  try {
    await observed.run(async () => {
      const outlet: Outlet = {};
      const response = observed.answered(await respond(incoming, outgoing, handlers, outlet));
      if (!outgoing.destroyed) await send(response, incoming, outgoing, stallMs, held, outlet);
      else await response.body?.cancel();
    });
  } catch (error) {
    // Either the client has left, or this server has a fault.
    if (!outgoing.destroyed) observed.run(() => log.error("Cannot answer: {error}", { error }));
    outgoing.destroy();
  } finally {
    observed.ended(!outgoing.writableFinished);
    waiting.delete(outgoing);
  }
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handlers: Handlers,
  outlet: Outlet,
): Promise<Response> {
  if ((incoming.url ?? "").length > MAX_TARGET_LENGTH) return new Response("URI too long", { status: 414 });
  const made = toRequest(incoming);
  if (made === undefined) return new Response("Bad request", { status: 400 });
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) made.leave();
  });
  try {
    return await handlers.request(made.request, ends(incoming), outlet);
  } catch (error) {
    if (!made.request.signal.aborted) log.error("Cannot answer: {error}", { error });
    return new Response("Internal server error", { status: 500 });
  }
}

async function upgrade(upgrade: Upgrade, handlers: Handlers): Promise<void> {
  const { incoming, socket } = upgrade;
  socket.on("error", () => socket.destroy()); // until the WebSocket listens for itself
  const observed = handlers.observe(incoming);
  await observed.run(async () => {
    try {
      const made = toRequest(incoming);
      const refusal = made === undefined
        ? new Response("Bad request", { status: 400 })
        : await handlers.upgrade(made.request, ends(incoming), upgrade);
      if (refusal === undefined) return observed.upgraded();
      observed.answered(refusal);
      end(socket, refusal.status, await refusal.text());
    } catch (error) {
      log.error("Cannot upgrade: {error}", { error });
      observed.answered(new Response(null, { status: 500 }));
      end(socket, 500, "Internal server error");
    }
  });
  observed.ended(false);
}

/** What is no HTTP, too long, or not sent in time. */
function refuseBroken({ code }: Error & { readonly code?: string }, socket: Duplex): void {
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
  end(socket, status, STATUS_CODES[status] ?? "");
}

/** Writes an answer where no response object is, and closes. */
function end(socket: Duplex, status: number, text: string): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "connection: close",
    "content-type: text/plain; charset=utf-8",
    `content-length: ${new TextEncoder().encode(text).length}`,
    "x-content-type-options: nosniff",
  ];
  const timer = setTimeout(() => socket.destroy(), 1000); // it may read nothing
  socket.once("close", () => clearTimeout(timer));
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`, () => socket.destroy());
}

async function shutdown(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => timer = setTimeout(resolve, SHUTDOWN_GRACE_MS));
  await Promise.race([closed, patience]);
  clearTimeout(timer);
  for (const socket of connections) socket.destroy();
  await closed;
}
