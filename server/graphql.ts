/** GraphQL over HTTP and server-sent events: Yoga with an ordered list of plugins. */

import { renderGraphiQL } from "@graphql-yoga/render-graphiql";
import { createYoga, type YogaServerInstance } from "graphql-yoga";
import { getLogger } from "@logtape/logtape";
import type { SchemaContext } from "../schema/builder.ts";
import { schema } from "../schema/index.ts";
import { type House, servicesFor } from "./caller_services.ts";
import type { Config } from "./config.ts";
import { EXAMPLE } from "./example.ts";
import { useAuthentication } from "./use_authentication.ts";
import { useMultipart } from "./use_multipart.ts";
import { usePreflight } from "./use_preflight.ts";
import { useQueryLimits } from "./use_query_limits.ts";
import { useRequestLimits } from "./use_request_limits.ts";
import type { Visit } from "./visit.ts";

const log = getLogger(["parterre", "graphql"]);

/** What the transports tell of a request. */
export interface RequestContext extends Pick<SchemaContext, "signal"> {
  readonly visit: Visit;
}

/** The Yoga instance of this server. */
export type GraphqlServer = YogaServerInstance<RequestContext, SchemaContext>;

/** Makes the GraphQL endpoint. */
export function createGraphqlServer(
  house: House,
  config: Pick<Config, "graphiql" | "corsOrigins" | "maxUploadBytes">,
): GraphqlServer {
  const anyOrigin = config.corsOrigins.includes("*");
  return createYoga<RequestContext, SchemaContext>({
    schema,
    context: ({ visit, signal }) => {
      const { caller } = visit;
      return { services: servicesFor(house, caller), caller, signal, retryAfter: (ms) => visit.retryAfter(ms) };
    },
    graphqlEndpoint: "/graphql",
    landingPage: false,
    renderGraphiQL,
    graphiql: config.graphiql && { title: "Parterre", defaultQuery: EXAMPLE, subscriptionsProtocol: "SSE" },
    // Yoga's own default answers any origin with credentials allowed.
    cors: { origin: anyOrigin ? "*" : [...config.corsOrigins], credentials: !anyOrigin, methods: ["GET", "POST"] },
    maskedErrors: { isDev: false }, // NODE_ENV must not decide what strangers see
    batching: false,
    // Beside the file of an upload there is its operation; other requests share the limit.
    maxRequestBodySize: config.maxUploadBytes + 2 ** 20,
    multipart: false, // useMultipart is stricter, and Yoga's limits hold in Node.js only
    plugins: [usePreflight(), useAuthentication(), useMultipart(), useQueryLimits(), useRequestLimits()],
    logging: {
      debug: (...args) => log.debug`${args}`,
      info: (...args) => log.info`${args}`,
      warn: (...args) => log.warn`${args}`,
      error: (...args) => log.error`${args}`,
    },
  });
}
