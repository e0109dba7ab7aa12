/** What becomes of a file that did not arrive. */

import { backoff } from "../paint/backoff.ts";

/** How sending went, as urql tells of it. */
export interface Sending {
  /** The schema's error that came as an answer; undefined for none. */
  readonly answer?: string | undefined;
  readonly error?: {
    readonly graphQLErrors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[];
    /** The HTTP response, where there was one. */
    readonly response?: { readonly status?: number } | undefined;
  } | undefined;
}

/** Errors of the schema, and statuses, that pass with time. */
const PASSING = ["BusyError", "StorageError"];
const PASSING_STATUSES = [408, 429];

/**
 * Milliseconds until it is sent again; `KEY` if another key must be given first; null if it is not wanted.
 * @param attempt Attempts so far that failed in a row, from 0.
 */
export function sentAgain({ answer, error }: Sending, attempt: number): number | "KEY" | null {
  if (answer !== undefined) return PASSING.includes(answer) ? backoff(attempt) : null;
  const { extensions } = error?.graphQLErrors[0] ?? {};
  const after = extensions?.["retryAfterSeconds"];
  if (typeof after === "number") return 1000 * after;
  if (extensions?.["code"] === "UNAUTHENTICATED") return "KEY";
  const status = error?.response?.status ?? 0;
  if (status >= 400 && status < 500 && !PASSING_STATUSES.includes(status)) return null;
  return error !== undefined && error.graphQLErrors.length > 0 ? null : backoff(attempt);
}
