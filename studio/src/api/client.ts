/** The GraphQL client: queries and mutations over HTTP, subscriptions as server-sent events, both with the caller's key. */

import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-sse";
import { reachable } from "./connection.ts";
import { authorization, keyRefused } from "./key.ts";

const url = new URL("/graphql", location.href).href;

const events = createClient({ url, headers: authorization, retryAttempts: 0, fetchFn: watched });

/** The one client of this page. Nothing is cached: what is shown is asked for. */
export const client = new Client({
  url,
  preferGetMethod: false,
  fetch: watched,
  // The server asks for the first where files are sent: no other page's form can say it.
  fetchOptions: () => ({ headers: { "graphql-preflight": "1", ...authorization() } }),
  exchanges: [
    subscriptionExchange({
      forwardSubscription: ({ query = "", variables }) => ({
        subscribe: (sink) => ({
          unsubscribe: events.subscribe({ query, variables: variables as Record<string, unknown> }, {
            next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
            error: (error) => sink.error(error),
            complete: () => sink.complete(),
          }),
        }),
      }),
    }),
    fetchExchange,
  ],
});

/** What a proxy answers while there is no server behind it. */
const AWAY = [502, 503, 504];

async function watched(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init).catch((error: unknown) => {
    if (init?.signal?.aborted !== true) reachable.value = false;
    throw error;
  });
  reachable.value = !AWAY.includes(response.status);
  if (response.status === 401) keyRefused.value = true;
  return response;
}
