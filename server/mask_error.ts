/** What clients see of errors that no resolver foresaw: nothing, except where they can do something about it. */

import { GraphQLError } from "graphql";
import { maskError as hide } from "graphql-yoga";
import { StorageError } from "../assets/storage_error.ts";

/**
 * Hides an error, as Yoga does, unless the store is at fault: that one keeps its message, which names no file, and tells
 * `code` and `retryAfterSeconds` among its extensions. The log has the whole of it in either case.
 */
export function maskError(error: unknown, message: string, isDev?: boolean): Error {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  if (!(cause instanceof StorageError)) return hide(error, message, isDev);
  const { nodes, source, positions, path } = error instanceof GraphQLError ? error : new GraphQLError("");
  return new GraphQLError(cause.message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: {
      code: cause.code,
      ...(cause.retryAfterMs === null ? {} : { retryAfterSeconds: cause.retryAfterMs / 1000 }),
    },
  });
}
