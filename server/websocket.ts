/** GraphQL over WebSocket: the graphql-transport-ws protocol. */

import { getLogger } from "@logtape/logtape";
import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import { type ExecutionArgs, getOperationAST, GraphQLError } from "graphql";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer, type SubscribePayload } from "graphql-ws";
// @ts-types="@types/ws"
import { type WebSocket, WebSocketServer } from "ws";
import { AuthenticationError } from "../access/authenticator.ts";
import { currentRequest, inThisRequest } from "../observe/request_scope.ts";
import { observePreparation, observeRefusal } from "../observe/use_observation.ts";
import { CallerCounts } from "./caller_counts.ts";
import type { GraphqlServer } from "./graphql.ts";
import type { HeldBytes } from "./held_bytes.ts";
import type { Upgrade } from "./listen.ts";
import { shownError } from "./shown_result.ts";
import type { SocketLimits } from "./socket_limits.ts";
import { SocketOutbox } from "./socket_outbox.ts";
import { SocketSink } from "./socket_sink.ts";
import { checkNesting, MAX_OPERATION_BYTES } from "./use_body_limits.ts";
import type { Visit } from "./visit.ts";

const log = getLogger(["parterre", "websocket"]);

/** Milliseconds within which a client must say that it begins. */
const INIT_TIMEOUT_MS = 10_000;
/** Milliseconds between pings; a socket that has not answered one by the next is lost. */
const PING_MS = 15_000;
/** Milliseconds that a client has to answer that the socket is closed. */
const CLOSE_MS = 2000;

const GOING_AWAY = 1001;
const INTERNAL_ERROR = 1011;

/** What is known of a socket. */
interface Extra {
  readonly visit: Visit;
  /** Aborts when the socket is closed. */
  readonly signal: AbortSignal;
  readonly outbox: SocketOutbox;
}

interface Executors {
  readonly execute: (args: ExecutionArgs) => ReturnType<ReturnType<GraphqlServer["getEnveloped"]>["execute"]>;
  readonly subscribe: (args: ExecutionArgs) => ReturnType<ReturnType<GraphqlServer["getEnveloped"]>["subscribe"]>;
}

/** The open WebSockets. */
export class WebSockets {
  readonly #sockets = new Set<WebSocket>();
  readonly #counts: CallerCounts;
  readonly #handshake = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_OPERATION_BYTES,
    perMessageDeflate: false, // a small frame could unpack to a large one
  });
  readonly #protocol;

  constructor(yoga: GraphqlServer, private readonly held: HeldBytes, private readonly limits: SocketLimits) {
    this.#counts = new CallerCounts(limits);
    this.#handshake.on("headers", (headers) => headers.push(`x-request-id: ${currentRequest()?.requestId}`));
    this.#protocol = makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: ({ connectionParams, extra }) => identified(extra.visit, connectionParams),
      onSubscribe: async ({ extra, subscriptions }, id, params) => {
        const unknown = await unknownCaller(extra.visit);
        return await observePreparation(() => {
          if (unknown !== undefined) return [unknown];
          if (Object.keys(subscriptions).length <= limits.operations) return prepare(yoga, extra, id, params);
          const rule = `${limits.operations} are under way on this socket, and there may be no more`;
          return [failed(`Cannot begin the operation: ${rule}`, "TOO_MANY_OPERATIONS")];
        });
      },
      execute: (args) => refusalsAnswered(() => (args.rootValue as Executors).execute(args)),
      subscribe: (args) => refusalsAnswered(() => (args.rootValue as Executors).subscribe(args)),
      onError: (_context, _id, _params, errors) => errors.map(shownError),
      onNext: (_context, _id, _params, _args, result) =>
        result.errors && { data: result.data ?? null, errors: result.errors.map(shownError) },
    });
  }

  /** How many are open. */
  get active(): number {
    return this.#counts.active;
  }

  /** Takes a connection over, or answers why not. */
  accept(request: Request, visit: Visit, { incoming, socket, head }: Upgrade): Response | undefined {
    const offered = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
    if (!offered.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)) {
      return new Response(`Expected the WebSocket subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}`, { status: 400 });
    }
    // By address, since a key may come with the first message only.
    const counted = this.#counts.take(visit.address);
    if (counted === "IN_ALL") return new Response("This server has too many WebSockets", { status: 503 });
    if (counted === "PER_CALLER") return new Response("You have too many WebSockets", { status: 429 });
    socket.once("close", counted);
    this.#handshake.handleUpgrade(
      incoming,
      socket,
      Buffer.from(head),
      (webSocket) => this.#open(webSocket, socket, visit),
    );
    return undefined;
  }

  /** Asks every client to leave, and ends the sockets of those who do not. */
  close(): void {
    for (const socket of this.#sockets) closeSocket(socket, GOING_AWAY, "The server shuts down");
  }

  #open(socket: WebSocket, connection: Duplex, visit: Visit): void {
    this.#sockets.add(socket);
    const inside = inThisRequest();
    const left = new AbortController();
    const outbox = new SocketOutbox(socket, connection, this.held, this.limits.stallTimeout);
    const closed = this.#protocol.opened({
      protocol: socket.protocol,
      send: (message) => outbox.send(message),
      close: (code = INTERNAL_ERROR, reason = "") => closeSocket(socket, code, reason),
      onMessage: (receive) => {
        socket.on("message", (data) => {
          if (socket.readyState !== socket.OPEN) return; // what came before the client saw that it is closed
          // A fault that nobody foresaw is the end of this socket, not of the process.
          inside(() => receive(String(data))).catch((error) => {
            inside(() => log.error("A WebSocket failed: {error}", { error }));
            closeSocket(socket, INTERNAL_ERROR, "Internal error");
          });
        });
      },
    }, { visit, signal: left.signal, outbox });
    const pulse = keepAlive(socket);
    socket.on("error", (error) => log.debug("A WebSocket broke: {error}", { error }));
    socket.once("close", (code, reason) => {
      clearInterval(pulse);
      this.#sockets.delete(socket);
      left.abort();
      closed(code, String(reason)).catch((error) => log.error("A WebSocket failed to end: {error}", { error }));
    });
  }
}

/**
 * Whether it is known who asks; a socket of others is closed with 4403. Browsers cannot set headers on WebSockets, so the
 * key may also come with the connection's first message.
 */
async function identified(visit: Visit, { authorization, Authorization }: Record<string, unknown> = {}) {
  const given = [authorization, Authorization].find((value) => typeof value === "string");
  try {
    if (typeof given === "string") await visit.identifyByHeader(given);
    else await visit.identify();
    return true;
  } catch (error) {
    if (error instanceof AuthenticationError) return false;
    throw error;
  }
}

/** The refusal of an operation on a socket whose key has ended since it was opened. */
async function unknownCaller(visit: Visit): Promise<GraphQLError | undefined> {
  try {
    await visit.identifyAgain();
    return undefined;
  } catch (error) {
    if (error instanceof AuthenticationError) return failed(error.message, error.code);
    throw error;
  }
}

/** Parses and validates with Yoga's own functions, so that every plugin holds for sockets too. */
async function prepare(
  yoga: GraphqlServer,
  { visit, signal, outbox }: Extra,
  id: string,
  params: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  try {
    checkNesting(params);
    // Without a request: Yoga would take the upgrade for a GET, which may not change anything.
    const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped({
      visit,
      signal,
      params,
      outlet: { sink: new SocketSink(outbox, id) },
    });
    const document = parse(params.query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors;
    if (!getOperationAST(document, params.operationName)) {
      return [failed("Could not determine what operation to execute.", "OPERATION_RESOLUTION_FAILURE")];
    }
    return {
      schema,
      document,
      operationName: params.operationName,
      variableValues: params.variables,
      contextValue: await contextFactory(),
      rootValue: { execute, subscribe },
    };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [error.extensions["code"] === undefined ? failed(error.message, "GRAPHQL_PARSE_FAILED", error) : error];
  }
}

/** What a plugin refuses, for instance a subscription too many, is an answer as any other. */
async function refusalsAnswered<T>(
  run: () => Promise<T> | T,
): Promise<T | { readonly errors: readonly GraphQLError[] }> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    observeRefusal([error]);
    return { errors: [error] };
  }
}

function failed(message: string, code: string, { source, positions }: Partial<GraphQLError> = {}): GraphQLError {
  return new GraphQLError(message, { source, positions, extensions: { code } });
}

/** Ends a socket whose client has gone without a word. */
function keepAlive(socket: WebSocket): ReturnType<typeof setInterval> {
  let alive = true;
  socket.on("pong", () => alive = true);
  return setInterval(() => {
    if (!alive) return socket.terminate();
    if (socket.isPaused) return; // its pongs are not read; the outbox has a time-out of its own
    alive = false;
    socket.ping();
  }, PING_MS);
}

/** Closes a socket; one that does not answer in time is ended. */
function closeSocket(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
  socket.once("close", () => clearTimeout(timer));
}
