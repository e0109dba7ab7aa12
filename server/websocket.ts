/** GraphQL over WebSocket: the graphql-transport-ws protocol. */

import type { ExecutionArgs } from "graphql";
import { makeServer } from "graphql-ws";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import { AuthenticationError } from "../access/authenticator.ts";
import type { GraphqlServer } from "./graphql.ts";
import type { Visit } from "./visit.ts";

/** Seconds without an answer to a ping after which a socket counts as lost. */
const IDLE_TIMEOUT = 30;

/** Makes the handler of upgrade requests to the GraphQL endpoint. */
export function createWebSocketHandler(yoga: GraphqlServer): (request: Request, visit: Visit) => Response {
  const server = makeServer<Record<string, unknown>, Extra>({
    // Browsers cannot set headers on WebSockets, so the key may also come with the connection's first message.
    onConnect: async ({ connectionParams, extra: { visit } }) => {
      const { authorization, Authorization } = connectionParams ?? {};
      const given = [authorization, Authorization].find((value) => typeof value === "string");
      try {
        if (typeof given === "string") await visit.identifyByHeader(given);
        else await visit.identify();
        return true;
      } catch (error) {
        if (error instanceof AuthenticationError) return false; // closes the socket with 4403
        throw error;
      }
    },
    // Yoga's own parsing, validation and execution, so that every plugin holds for sockets too.
    onSubscribe: async ({ extra }, _id, params) => {
      const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped({ ...extra, params });
      const args: ExecutionArgs = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length > 0 ? errors : args;
    },
    execute: (args) => (args.rootValue as Executors).execute(args),
    subscribe: (args) => (args.rootValue as Executors).subscribe(args),
  });

  return (request, visit) => {
    const offered = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
    if (!offered.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)) {
      return new Response(`Expected the WebSocket subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}`, { status: 400 });
    }
    const { socket, response } = Deno.upgradeWebSocket(request, {
      protocol: GRAPHQL_TRANSPORT_WS_PROTOCOL,
      idleTimeout: IDLE_TIMEOUT,
    });
    const left = new AbortController();
    socket.addEventListener("close", () => left.abort());
    socket.addEventListener("open", () => {
      const closed = server.opened({
        protocol: GRAPHQL_TRANSPORT_WS_PROTOCOL, // Deno's server sockets report none
        send: (data) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(data);
        },
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) => {
          socket.addEventListener("message", (event) => receive(String(event.data)));
        },
      }, { request, visit, signal: left.signal });
      socket.addEventListener("close", ({ code, reason }) => closed(code, reason));
      socket.addEventListener("error", () => closed(1011, "Socket error"));
    });
    return response;
  };
}

/** What is known of a socket. */
interface Extra {
  readonly request: Request;
  readonly visit: Visit;
  readonly signal: AbortSignal;
}

interface Executors {
  readonly execute: (args: ExecutionArgs) => ReturnType<ReturnType<GraphqlServer["getEnveloped"]>["execute"]>;
  readonly subscribe: (args: ExecutionArgs) => ReturnType<ReturnType<GraphqlServer["getEnveloped"]>["subscribe"]>;
}
