/** Connections that are paged forwards: reading their arguments, and making their answers. */

import { GraphQLError } from "graphql";
import { InvalidInputError } from "../errors.ts";

/** The arguments of a connection; in this schema all default to null. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A page as stores give it. */
export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
}

/** A page as the schema gives it. */
export interface ForwardConnection<T> {
  edges: { cursor: string; node: T }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

/** Objects in a page that names no number. */
export const PAGE = 20;

/** The most objects of a page. */
export const MAX_PAGE = 100;

/**
 * The page that is asked for.
 * @throws {GraphQLError} with the code BAD_USER_INPUT if it is asked for backwards, or the store refuses its arguments.
 */
export async function forwardPage<T>(
  what: string,
  { first, after, last, before }: PageArguments,
  load: (options: { readonly first: number; readonly after?: string }) => Promise<Page<T>>,
): Promise<ForwardConnection<T>> {
  if (last !== null && last !== undefined || before !== null && before !== undefined) {
    throw badInput(`${what} are paged forwards: use first and after`);
  }
  if (typeof first === "number" && first > MAX_PAGE) throw badInput(`first: must be at most ${MAX_PAGE}, got ${first}`);
  const { edges, hasNextPage } = await load({
    first: first ?? PAGE,
    ...(after === null || after === undefined ? {} : { after }),
  }).catch((error: unknown) => {
    throw error instanceof InvalidInputError ? badInput(error.message) : error;
  });
  return {
    edges: [...edges],
    pageInfo: {
      hasNextPage,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT" } });
}
