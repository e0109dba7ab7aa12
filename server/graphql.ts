/** GraphQL over HTTP and server-sent events: Yoga with an ordered list of plugins. */

import { createYoga, type YogaServerInstance } from "graphql-yoga";
import { getLogger } from "@logtape/logtape";
import type { SchemaContext } from "../schema/builder.ts";
import { schema } from "../schema/index.ts";
import type { Metrics } from "../observe/metrics.ts";
import { codeOf, watchRefusals } from "../observe/refusals.ts";
import { noteError } from "../observe/request_scope.ts";
import { useObservation } from "../observe/use_observation.ts";
import { type House, servicesFor } from "./caller_services.ts";
import type { Config } from "./config.ts";
import { documentCache } from "./document_cache.ts";
import { KeyWatch, useKeyWatch } from "./key_watch.ts";
import { maskError } from "./mask_error.ts";
import { type SubscriptionLimits, useSubscriptionLimits } from "./subscription_limits.ts";
import { useAnswerLimit } from "./use_answer_limit.ts";
import { useAuthentication } from "./use_authentication.ts";
import { useBodyLimits } from "./use_body_limits.ts";
import { useDocumentLimits } from "./use_document_limits.ts";
import { useEventStreams } from "./use_event_streams.ts";
import { useLayoutFiles } from "./use_layout_files.ts";
import { useMultipart } from "./use_multipart.ts";
import { useNoIntrospection } from "./use_no_introspection.ts";
import { usePreflight } from "./use_preflight.ts";
import { useQueryLimits } from "./use_query_limits.ts";
import { useRequestLimits } from "./use_request_limits.ts";
import { useSharedResults } from "./use_shared_results.ts";
import { useTurns } from "./use_turns.ts";
import type { RequestContext } from "./visit.ts";

const log = getLogger(["parterre", "graphql"]);

/** The Yoga instance of this server. */
export type GraphqlServer = YogaServerInstance<RequestContext, SchemaContext>;

/** Makes the GraphQL endpoint. */
export function createGraphqlServer(
  house: House,
  config: Pick<Config, "introspection" | "maxUploadBytes">,
  subscriptions: SubscriptionLimits,
  metrics: Metrics,
): GraphqlServer {
  return createYoga<RequestContext, SchemaContext>({
    schema: watchRefusals(schema, (error) => {
      noteError(codeOf(error));
      metrics.refused(codeOf(error));
    }),
    context: ({ visit, signal }) => {
      const { caller, lastEventId } = visit;
      const retryAfter = (ms: number | null) => visit.retryAfter(ms);
      return { services: servicesFor(house, caller), caller, signal, retryAfter, lastEventId };
    },
    graphqlEndpoint: "/graphql",
    landingPage: false,
    graphiql: false, // see graphiql.ts
    cors: false, // see origins.ts
    maskedErrors: { maskError, isDev: false }, // NODE_ENV must not decide what strangers see
    batching: false,
    maxRequestBodySize: false, // useBodyLimits tells operations from uploads
    multipart: false, // useMultipart is stricter, and Yoga's limits hold in Node.js only
    parserAndValidationCache: { documentCache: documentCache(), errorCache: documentCache() },
    plugins: [
      usePreflight(),
      useAuthentication(),
      useMultipart(),
      useBodyLimits(config.maxUploadBytes),
      useDocumentLimits(),
      useQueryLimits(),
      useLayoutFiles(),
      ...config.introspection ? [] : [useNoIntrospection()],
      useRequestLimits(),
      useSubscriptionLimits(subscriptions),
      useTurns(),
      useAnswerLimit(),
      useSharedResults(),
      useKeyWatch(new KeyWatch(house.keys)),
      useEventStreams(),
      useObservation(metrics),
    ],
    logging: {
      debug: (...args) => log.debug("{text}", () => told(args)),
      info: (...args) => log.info("{text}", () => told(args)),
      warn: (...args) => log.warn("{text}", () => told(args)),
      error: (...args) => log.error("{text}", () => told(args)),
    },
  });
}

/** What Yoga logs, in words, and the error itself if it is one. */
function told(args: readonly unknown[]): Record<string, unknown> {
  const error = args.find((arg) => arg instanceof Error);
  const text = args.map((arg) => arg instanceof Error ? arg.message : String(arg)).join(" ");
  return error === undefined ? { text } : { text, error };
}
