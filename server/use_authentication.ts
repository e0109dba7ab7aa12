/** Who asks, found out before anything is read of the request; and when to come back, told in its answer's headers. */

import { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import { AuthenticationError } from "../access/authenticator.ts";
import type { RequestContext } from "./visit.ts";

/** Refuses callers whom nobody knows with status 401, and sets `Retry-After` where something was refused for now. */
export function useAuthentication(): Plugin<Record<never, never>, RequestContext> {
  return {
    async onRequestParse({ serverContext: { visit } }) {
      try {
        await visit.identify();
      } catch (error) {
        throw error instanceof AuthenticationError ? unauthenticated(error) : error;
      }
    },
    onResponse({ response, serverContext: { visit } }) {
      if (visit.retryAfterMs === undefined) return;
      response.headers.set("retry-after", String(Math.ceil(visit.retryAfterMs / 1000)));
    },
  };
}

/** The error as GraphQL clients read it. */
export function unauthenticated({ message, code }: AuthenticationError): GraphQLError {
  const http = { status: 401, headers: { "www-authenticate": "Bearer" } };
  return new GraphQLError(message, { extensions: { code, http } });
}
