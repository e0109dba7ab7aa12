/** The HTTP server: GraphQL, its WebSocket, pictures and health, on one port. */

import type { Services } from "../schema/services.ts";
import type { Config } from "./config.ts";
import { createGraphqlServer } from "./graphql.ts";
import { serveImage } from "./images.ts";
import { createWebSocketHandler } from "./websocket.ts";

/** A listening server. */
export interface HttpServer {
  /** For instance `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Stops accepting connections and waits for those that are open; live streams must have been ended before. */
  shutdown(): Promise<void>;
}

/** Starts listening. */
export function serveHttp(
  services: Services,
  config: Pick<Config, "host" | "port" | "graphiql" | "corsOrigins">,
): HttpServer {
  const yoga = createGraphqlServer(services, config);
  const webSocket = createWebSocketHandler(yoga);
  const server = Deno.serve(
    { hostname: config.host, port: config.port, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/graphql") {
        const upgrade = request.headers.get("upgrade")?.toLowerCase() === "websocket";
        return upgrade ? webSocket(request) : await yoga.fetch(request);
      }
      if (pathname === "/health") return new Response("ok");
      if (pathname === "/ready") return services.closing.aborted ? unavailable() : new Response("ok");
      if (pathname === "/" && config.graphiql) return Response.redirect(new URL("/graphql", request.url), 302);
      return await serveImage(request, services) ?? new Response("Not found", { status: 404 });
    },
  );
  const { hostname, port } = server.addr;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return { url: `http://${host}:${port}`, shutdown: () => server.shutdown() };
}

function unavailable(): Response {
  return new Response("shutting down", { status: 503, headers: { "retry-after": "5" } });
}
