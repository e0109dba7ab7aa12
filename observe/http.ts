/** Around every HTTP request: its id, one log line when it is answered in full, metrics, and its span's name. */

import { getLogger } from "@logtape/logtape";
import { type Context, context, propagation, ROOT_CONTEXT, type Span, SpanKind, trace } from "@opentelemetry/api";
import type { Metrics } from "./metrics.ts";
import { requestIdOf, type RequestScope, withRequest } from "./request_scope.ts";

const log = getLogger(["parterre", "request"]);
const tracer = trace.getTracer("parterre");

/** Letters of a path that are logged. */
const MAX_PATH = 256;

/** What is told apart in metrics, by the beginning of the path; everything else is one route, since clients choose it. */
const ROUTES = ["/graphql", "/images/", "/previews/", "/health", "/ready", "/metrics", "/layout.schema.json"];

/** What looks every few seconds; its lines are of level debug as long as all is well. */
const PROBES: readonly string[] = ["/health", "/ready", "/metrics"];

const METHODS = ["GET", "HEAD", "POST", "OPTIONS"];

/** What is looked at of a request. */
export interface Incoming {
  readonly method?: string | undefined;
  /** The target: a path with a query, or a whole URL. */
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** One HTTP request from its arrival to the last byte of its answer, whatever serves it. */
export class ObservedRequest {
  readonly #since = performance.now();
  readonly #method: string;
  readonly #path: string;
  readonly #route: string;
  readonly #scope: RequestScope;
  readonly #context: Context;
  /** Ours where the server has made none. */
  readonly #span: Span | undefined;
  #status = 0;
  #bytes: string | null = null;

  constructor({ method = "GET", url = "/", headers }: Incoming, private readonly metrics: Metrics) {
    this.#method = method;
    this.#path = pathOf(url);
    this.#route = routeOf(this.#path);
    const upgrade = this.#path === "/graphql" && String(headers.upgrade).toLowerCase() === "websocket";
    this.#scope = {
      requestId: requestIdOf(headers["x-request-id"]),
      transport: upgrade ? "websocket" : "http",
      lane: null,
      operation: null,
      operations: 0,
      metrics: this.metrics,
    };
    const name = `${method} ${this.#route}`;
    const theirs = trace.getActiveSpan();
    if (theirs === undefined) {
      const parent = propagation.extract(ROOT_CONTEXT, headers);
      this.#span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
      this.#context = trace.setSpan(parent, this.#span);
    } else {
      theirs.updateName(name);
      this.#context = context.active();
    }
    const span = this.#span ?? theirs;
    span?.setAttribute("http.route", this.#route);
    span?.setAttribute("parterre.request.id", this.#scope.requestId);
  }

  /** Runs what is done for the request. */
  run<T>(callback: () => T): T {
    return context.with(this.#context, () => withRequest(this.#scope, callback));
  }

  /** The response, with the id that the request has. */
  answered(response: Response): Response {
    this.#status = response.status;
    this.#bytes = response.headers.get("content-length");
    this.#span?.setAttribute("http.response.status_code", response.status);
    return withId(response, this.#scope.requestId);
  }

  /** The connection became a WebSocket. */
  upgraded(): void {
    this.#status = 101;
    this.#span?.setAttribute("http.response.status_code", 101);
  }

  /**
   * The answer is written, or nobody reads it any more.
   * @param left Whether the client left before its end.
   */
  ended(left: boolean): void {
    const durationMs = performance.now() - this.#since;
    this.#span?.end();
    this.#count(durationMs / 1000);
    this.run(() => this.#log(durationMs, left));
  }

  #count(seconds: number): void {
    const route = this.#route;
    const method = METHODS.includes(this.#method) ? this.#method : "OTHER";
    this.metrics.httpRequests.inc({ route, method, status: String(this.#status) });
    const stream = this.#status === 101 || this.#scope.operation?.type === "subscription";
    if (!stream) this.metrics.httpSeconds.observe({ route, method }, seconds);
  }

  #log(durationMs: number, left: boolean): void {
    const { transport, lane, operation } = this.#scope;
    const status = this.#status;
    const errors = operation === null ? [] : [...operation.errors];
    const asked = operation === null || operation.type === "unknown" ? "" : " {operation}";
    const level = status >= 500 ? "warn" : PROBES.includes(this.#path) && status < 400 ? "debug" : "info";
    log[level](`{method} {path} {status}${asked} in {durationMs} ms${errors.length === 0 ? "" : ": {errors}"}`, {
      method: this.#method,
      path: this.#path.slice(0, MAX_PATH),
      status,
      durationMs: Math.round(durationMs * 10) / 10,
      transport,
      ...(lane === null ? {} : { lane }),
      ...(operation === null ? {} : {
        operation: operation.name === undefined ? operation.type : `${operation.type} ${operation.name}`,
        operationType: operation.type,
        ...(operation.name === undefined ? {} : { operationName: operation.name }),
        ...(errors.length === 0 ? {} : { errors }),
      }),
      ...(this.#bytes === null ? {} : { bytes: Number(this.#bytes) }),
      ...(left ? { left } : {}),
    });
  }
}

/** Tells the client which id its request has. */
function withId(response: Response, requestId: string): Response {
  try {
    response.headers.set("x-request-id", requestId);
    return response;
  } catch {
    // Headers such as those of a redirect cannot be changed.
    const answer = new Response(response.body, response);
    answer.headers.set("x-request-id", requestId);
    return answer;
  }
}

function routeOf(path: string): string {
  const route = ROUTES.find((prefix) => prefix.endsWith("/") ? path.startsWith(prefix) : path === prefix);
  return route?.replace(/\/$/, "") ?? "other";
}

/** The path alone: queries hold signatures. Also of a URL that cannot be parsed, since its host is the client's. */
function pathOf(url: string): string {
  const at = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("://") + 3);
  const [path = ""] = url.slice(at).split(/[?#]/, 1);
  return at === -1 ? "/" : path;
}
