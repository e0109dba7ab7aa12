/** What is known of the request that is being answered, wherever the work for it goes. */

import { AsyncLocalStorage } from "node:async_hooks";
import { withContext } from "@logtape/logtape";
import { context, trace } from "@opentelemetry/api";
import type { Metrics } from "./metrics.ts";

/** How a GraphQL operation came in. */
export type Transport = "http" | "websocket";

/** A GraphQL operation, as far as its request's log line tells of it. */
export interface OperationNote {
  readonly type: OperationType;
  /** As the client named it, cut to a length that a log line bears. */
  readonly name: string | undefined;
  /** The codes of the errors that were answered, typed or not, each once. */
  readonly errors: Set<string>;
}

/** `unknown` is what could not be read. */
export type OperationType = "query" | "mutation" | "subscription" | "unknown";

/** A request, or one operation of a WebSocket. */
export interface RequestScope {
  readonly requestId: string;
  readonly transport: Transport;
  /** Whose request it is; null where nobody asked. */
  lane: string | null;
  operation: OperationNote | null;
  /** Where it counts. */
  readonly metrics: Metrics;
  /** How many operations came in: over a WebSocket any number. */
  operations: number;
}

/** Request ids that are taken over: what an id may look like, and cannot break a line or a page. */
const SANE_ID = /^[\w.:/+=@-]{1,128}$/;

const scopes = new AsyncLocalStorage<RequestScope>();

/** The request that is being answered; undefined in work that no request waits for. */
export function currentRequest(): RequestScope | undefined {
  return scopes.getStore();
}

/** Runs a callback for a request: every log record on the way has the request's id, and that of its trace. */
export function withRequest<T>(scope: RequestScope, callback: () => T): T {
  const { requestId } = scope;
  const span = trace.getActiveSpan();
  const fields = span?.isRecording() ? { requestId, traceId: span.spanContext().traceId } : { requestId };
  return scopes.run(scope, () => withContext(fields, callback));
}

/**
 * What runs a callback as if it stood here: for events, such as a socket's, that come from outside every request.
 */
export function inThisRequest(): <T>(callback: () => T) => T {
  const scope = currentRequest();
  const active = context.active();
  return (callback) => scope === undefined ? callback() : context.with(active, () => withRequest(scope, callback));
}

/** The client's own `X-Request-Id` if it is one, or a new id. */
export function requestIdOf(given: unknown): string {
  return typeof given === "string" && SANE_ID.test(given) ? given : crypto.randomUUID();
}

/** Notes whose request the current one is. */
export function noteLane(lane: string): void {
  const scope = currentRequest();
  if (scope !== undefined) scope.lane = lane;
}

/** Notes an error that the current request is answered with, by its code. */
export function noteError(code: string): void {
  currentRequest()?.operation?.errors.add(code);
}
