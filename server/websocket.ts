/** GraphQL over WebSocket: the graphql-transport-ws protocol. */

import type { ExecutionArgs } from "graphql";
import { makeServer } from "graphql-ws";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import type { Caller } from "../access/caller.ts";
import type { GraphqlServer } from "./graphql.ts";

/** Seconds without an answer to a ping after which a socket counts as lost. */
const IDLE_TIMEOUT = 30;

/** Makes the handler of upgrade requests to the GraphQL endpoint. */
export function createWebSocketHandler(yoga: GraphqlServer): (request: Request, caller: Caller) => Response {
  const server = makeServer<Record<string, unknown>, Extra>({
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

  return (request, caller) => {
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
      }, { request, caller, signal: left.signal });
      socket.addEventListener("close", ({ code, reason }) => closed(code, reason));
      socket.addEventListener("error", () => closed(1011, "Socket error"));
    });
    return response;
  };
}

/** What is known of a socket. */
interface Extra {
  readonly request: Request;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

interface Executors {
  readonly execute: (args: ExecutionArgs) => ReturnType<ReturnType<GraphqlServer["getEnveloped"]>["execute"]>;
  readonly subscribe: (args: ExecutionArgs) => ReturnType<ReturnType<GraphqlServer["getEnveloped"]>["subscribe"]>;
}
