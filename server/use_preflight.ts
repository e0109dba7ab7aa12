/**
 * Against cross-site request forgery: a page of any origin can make a browser post a form without being asked, unless
 * the request has a header that makes the browser ask first. So a POST that a form could make needs such a header.
 * Source: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */

import { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";

/** Headers of which one must be there, with any value; no form can set them. */
const HEADERS = [
  "graphql-preflight",
  "graphql-require-preflight",
  "apollo-require-preflight",
  "x-apollo-operation-name",
  "x-graphql-yoga-csrf",
];

/** The content types that browsers send to other origins without asking. */
const FORM_TYPES = ["multipart/form-data", "application/x-www-form-urlencoded", "text/plain", ""];

/** Refuses what a form could have sent, with status 400. */
export function usePreflight(): Plugin {
  return {
    onRequestParse({ request }) {
      if (request.method !== "POST" || !FORM_TYPES.includes(contentType(request))) return;
      if (HEADERS.some((name) => request.headers.get(name))) return;
      throw new GraphQLError(
        'Cannot accept a request that a form could have sent: set a header such as "GraphQL-Preflight: 1"',
        { extensions: { code: "PREFLIGHT_REQUIRED", http: { status: 400 } } },
      );
    },
  };
}

/** Without parameters, such as the boundary of multipart bodies. */
function contentType(request: Request): string {
  const [type = ""] = (request.headers.get("content-type") ?? "").split(/[;,]/);
  return type.trim().toLowerCase();
}
