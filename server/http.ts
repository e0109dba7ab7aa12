/** The HTTP server: GraphQL, its WebSocket, pictures and health, on one port. */

import type { Authenticator } from "../access/authenticator.ts";
import { LAYOUT_SCHEMA_PATH } from "../schema/layout_json_schema.ts";
import { printedLayoutSchema } from "../schema/print.ts";
import type { House } from "./caller_services.ts";
import { clientAddress } from "./client_address.ts";
import type { Config } from "./config.ts";
import { createGraphqlServer } from "./graphql.ts";
import { serveImage } from "./images.ts";
import { Visit } from "./visit.ts";
import { createWebSocketHandler } from "./websocket.ts";

/** Milliseconds that requests have left to end when the server shuts down. */
const SHUTDOWN_GRACE_MS = 5000;

/** A listening server. */
export interface HttpServer {
  /** For instance `http://127.0.0.1:8000`. */
  readonly url: string;
  /**
   * Stops accepting connections and waits for those that are open, but not for ever: a client may be slow to send its
   * request on purpose. Live streams must have been ended before.
   */
  shutdown(): Promise<void>;
}

/** Starts listening. */
export function serveHttp(
  services: House,
  authenticator: Authenticator,
  config: Pick<Config, "host" | "port" | "graphiql" | "corsOrigins" | "maxUploadBytes" | "trustedProxies">,
): HttpServer {
  const yoga = createGraphqlServer(services, config);
  const webSocket = createWebSocketHandler(yoga);
  const server = Deno.serve(
    { hostname: config.host, port: config.port, onListen: () => {} },
    async (request, { remoteAddr }) => {
      const { pathname } = new URL(request.url);
      const forwardedFor = request.headers.get("x-forwarded-for");
      const address = clientAddress(remoteAddr.hostname, forwardedFor, config.trustedProxies);
      const visit = new Visit(authenticator, request, address);
      if (pathname === "/graphql") {
        const upgrade = request.headers.get("upgrade")?.toLowerCase() === "websocket";
        return upgrade ? webSocket(request, visit) : await yoga.fetch(request, { visit, signal: request.signal });
      }
      if (pathname === "/health") return new Response("ok");
      if (pathname === "/ready") return services.closing.aborted ? unavailable() : new Response("ok");
      if (pathname === LAYOUT_SCHEMA_PATH) return layoutSchema(request);
      if (pathname === "/" && config.graphiql) return Response.redirect(new URL("/graphql", request.url), 302);
      return await serveImage(request, services, () => visit.identify()) ??
        new Response("Not found", { status: 404 });
    },
  );
  const { hostname, port } = server.addr;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const shutdown = async () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => timer = setTimeout(resolve, SHUTDOWN_GRACE_MS));
    await Promise.race([server.shutdown(), patience]);
    clearTimeout(timer);
  };
  return { url: `http://${host}:${port}`, shutdown };
}

function unavailable(): Response {
  return new Response("shutting down", { status: 503, headers: { "retry-after": "5" } });
}

/** What layouts may look like, for editors and validators anywhere. */
function layoutSchema({ method }: Request): Response {
  if (method !== "GET" && method !== "HEAD") {
    return new Response("Method not allowed", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  const headers = {
    "content-type": "application/schema+json",
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
  };
  return new Response(printedLayoutSchema(), { headers });
}
