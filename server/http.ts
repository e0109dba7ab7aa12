/** The HTTP server: GraphQL, its WebSocket, pictures and health, on one port. */

import type { Authenticator } from "../access/authenticator.ts";
import { LAYOUT_SCHEMA_PATH } from "../schema/layout/layout_json_schema.ts";
import { printedLayoutSchema } from "../schema/print.ts";
import { ObservedRequest } from "../observe/http.ts";
import type { Observation } from "../observe/observation.ts";
import type { House } from "./caller_services.ts";
import { clientAddress } from "./client_address.ts";
import type { Config } from "./config.ts";
import { asksForPage, graphiqlPage } from "./graphiql.ts";
import { createGraphqlServer } from "./graphql.ts";
import { HeldBytes } from "./held_bytes.ts";
import { AllowedHosts } from "./hosts.ts";
import { serveImage } from "./images.ts";
import { type Connection, listen } from "./listen.ts";
import { serveEngine } from "./engine_files.ts";
import { serveMetrics } from "./metrics_endpoint.ts";
import { serveModelFile } from "./model_files.ts";
import { refuseWriting } from "./only_reads.ts";
import { Origins } from "./origins.ts";
import type { Outlet } from "./outlet.ts";
import { shareReads } from "./shared_assets.ts";
import { secured } from "./security_headers.ts";
import { serveStudio } from "./studio.ts";
import { SubscriptionLimits } from "./subscription_limits.ts";
import { Visit } from "./visit.ts";
import { WebSockets } from "./websocket.ts";

/** Bytes of answers and events that may wait for clients to read them, in all. */
const MAX_HELD_BYTES = 256 * 2 ** 20;

/** A listening server. */
export interface HttpServer {
  /** For instance `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Open connections, WebSockets among them, and open subscriptions of both kinds of streams. */
  readonly load: { readonly connections: number; readonly sockets: number; readonly subscriptions: number };
  /**
   * Stops accepting connections and waits for those that are open, but not for ever: a client may be slow to send its
   * request on purpose. Live streams must have been ended before.
   */
  shutdown(): Promise<void>;
}

/** Starts listening. */
export async function serveHttp(
  services: House,
  authenticator: Authenticator,
  config: Config,
  { metrics }: Pick<Observation, "metrics">,
): Promise<HttpServer> {
  const pictures = { ...services, assets: shareReads(services.assets) };
  const hosts = new AllowedHosts(config.allowedHosts);
  const origins = new Origins(config.corsOrigins);
  const subscriptions = new SubscriptionLimits(config.subscriptions);
  const yoga = createGraphqlServer(services, config, subscriptions, metrics);
  const held = new HeldBytes(MAX_HELD_BYTES);
  const sockets = new WebSockets(yoga, held, { ...config.sockets, stallTimeout: config.connections.stallTimeout });

  /** Why a request is refused before anything else is looked at; undefined if it is not. */
  const refusal = (request: Request, pathname: string, connection: Connection): Response | undefined => {
    if (pathname === "/health" || pathname === "/ready") return undefined; // probes know addresses only
    if (!hosts.allows(request.headers.get("host") ?? "", connection)) {
      return new Response("This server does not answer to this Host: see PARTERRE_ALLOWED_HOSTS", { status: 421 });
    }
    if (!origins.allows(request)) {
      return new Response("This server does not answer to pages of this origin: see PARTERRE_CORS", { status: 403 });
    }
    return origins.preflight(request);
  };

  const visitOf = (request: Request, { address }: Connection): Visit => {
    const forwardedFor = request.headers.get("x-forwarded-for");
    return new Visit(authenticator, request, clientAddress(address, forwardedFor, config.trustedProxies));
  };

  const route = async (
    request: Request,
    pathname: string,
    connection: Connection,
    outlet: Outlet,
  ): Promise<Response> => {
    const visit = visitOf(request, connection);
    if (pathname === "/graphql") {
      if (config.graphiql && asksForPage(request)) return await graphiqlPage();
      return await yoga.fetch(request, { visit, signal: request.signal, outlet });
    }
    if (pathname === "/health") return new Response("ok");
    if (pathname === "/ready") return await services.readiness.respond();
    if (pathname === "/metrics") {
      return await serveMetrics(request, metrics, visit, connection.address, config.metricsReaders);
    }
    if (pathname === LAYOUT_SCHEMA_PATH) return layoutSchema(request);
    const page = config.studio && (await serveStudio(request, pathname) ?? await serveEngine(request, pathname));
    if (page) return page;
    const identify = () => visit.identify();
    if (config.sharesModels) {
      const file = await serveModelFile(request, pathname, services.catalog, identify);
      if (file !== undefined) return file;
    }
    if (pathname === "/" && config.graphiql) {
      return new Response(null, { status: 302, headers: { location: "/graphql" } });
    }
    return await serveImage(request, pictures, identify) ?? new Response("Not found", { status: 404 });
  };

  const listener = await listen({ host: config.host, port: config.port, ...config.connections }, held, {
    observe: (incoming) => new ObservedRequest(incoming, metrics),
    async request(request, connection, outlet) {
      const { pathname } = new URL(request.url);
      const response = refusal(request, pathname, connection) ?? await route(request, pathname, connection, outlet);
      return secured(response, origins.headers(request));
    },
    upgrade(request, connection, upgrade) {
      const { pathname } = new URL(request.url);
      const refused = refusal(request, pathname, connection);
      if (refused !== undefined) return Promise.resolve(refused);
      if (pathname !== "/graphql") return Promise.resolve(new Response("Not found", { status: 404 }));
      return Promise.resolve(sockets.accept(request, visitOf(request, connection), upgrade));
    },
  });
  return {
    url: listener.url,
    get load() {
      return { connections: listener.connections, sockets: sockets.active, subscriptions: subscriptions.active };
    },
    shutdown: async () => {
      sockets.close();
      await listener.shutdown();
    },
  };
}

/** What layouts may look like, for editors and validators anywhere. */
function layoutSchema({ method }: Request): Response {
  const refused = refuseWriting({ method });
  if (refused !== undefined) return refused;
  return new Response(printedLayoutSchema(), { headers: { "content-type": "application/schema+json" } });
}
