/** One GraphQL operation from its start to its end: a span, metrics, and over a WebSocket a log line of its own. */

import { AsyncLocalStorage } from "node:async_hooks";
import { getLogger } from "@logtape/logtape";
import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { type ExecutionResult, GraphQLError, Kind, type OperationDefinitionNode } from "graphql";
import type { Metrics } from "./metrics.ts";
import { type OperationNote, type OperationType, type RequestScope, withRequest } from "./request_scope.ts";
import type { StreamEnd } from "./watched_stream.ts";

const log = getLogger(["parterre", "request"]);
const tracer = trace.getTracer("parterre");

/** Letters of an operation's name that are logged; the client chooses it. */
const MAX_NAME = 100;

/** Codes that one log line tells. */
const MAX_ERRORS = 8;

/**
 * How an operation ended: `error` with errors, typed ones included, `refused` before it was executed, `left` because
 * nobody read its stream any more.
 */
type Outcome = "ok" | "error" | "refused" | "left";

const counted = new WeakSet<GraphQLError>();

/** Whether an error was counted with the operation that threw it. */
export function isCounted(error: GraphQLError): boolean {
  return counted.has(error);
}

/** An operation that is being answered. */
export class ObservedOperation {
  readonly #note: OperationNote;
  readonly #scope: RequestScope;
  readonly #span: Span;
  readonly #since = performance.now();
  #inside: (<T>(callback: () => T) => T) | undefined;
  #open = true;

  /**
   * @param request What the operation came in with; over a WebSocket the operations of the socket are numbered.
   * @param node Undefined where the operation could not be read.
   */
  constructor(
    private readonly metrics: Metrics,
    request: RequestScope,
    node: OperationDefinitionNode | undefined,
  ) {
    const type: OperationType = node?.operation ?? "unknown";
    this.#note = { type, name: node?.name?.value.slice(0, MAX_NAME), errors: new Set() };
    request.operations++;
    if (request.transport === "http") {
      this.#scope = request;
      request.operation = this.#note;
    } else {
      this.#scope = {
        ...request,
        requestId: `${request.requestId}/${request.operations}`,
        operation: this.#note,
      };
    }
    this.#span = tracer.startSpan(type, {
      kind: SpanKind.INTERNAL,
      attributes: {
        "graphql.operation.type": type,
        ...(this.#note.name === undefined ? {} : { "graphql.operation.name": this.#note.name }),
        "parterre.request.id": this.#scope.requestId,
      },
    });
  }

  /** Runs a part of the operation, with its request and its span around it. */
  run<T>(callback: () => T): T {
    // Once for all of a stream's events.
    this.#inside ??= context.with(
      trace.setSpan(context.active(), this.#span),
      () => withRequest(this.#scope, () => AsyncLocalStorage.snapshot()),
    );
    return this.#inside(callback);
  }

  /** Counts the errors of a result, or of one event of a stream. */
  judge({ errors }: ExecutionResult): void {
    for (const error of errors ?? []) this.threw(error);
  }

  /** Counts an error that was thrown, and is not the answer that its code is for. */
  threw(error: unknown): void {
    if (error instanceof GraphQLError) counted.add(error);
    const cause = error instanceof GraphQLError ? error.originalError : error;
    const foreseen = error instanceof GraphQLError && "extensions" in Object(cause ?? error);
    this.failed(foreseen ? codeIn(error) : codeOfFault(cause));
    if (foreseen) return;
    this.metrics.faults.inc();
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  /** Counts an error by its code. */
  failed(code: string): void {
    if (this.#note.errors.size < MAX_ERRORS) this.#note.errors.add(code);
    this.metrics.refused(code);
  }

  /** A stream of events begins. */
  streams(): void {
    this.metrics.subscribers.inc({ transport: this.#stream });
  }

  /** The stream is over. */
  streamed(how: StreamEnd): void {
    this.metrics.subscribers.dec({ transport: this.#stream });
    this.end(how === "left" ? "left" : undefined);
  }

  /** The operation is over; later calls do nothing. */
  end(outcome: Outcome = this.#note.errors.size === 0 ? "ok" : "error"): void {
    if (!this.#open) return;
    this.#open = false;
    const { type, name, errors } = this.#note;
    const { transport, lane } = this.#scope;
    const durationMs = performance.now() - this.#since;
    this.metrics.operations.inc({ type, transport, outcome });
    if (type === "query" || type === "mutation") this.metrics.operationSeconds.observe({ type }, durationMs / 1000);
    if (errors.size > 0) this.#span.setAttribute("parterre.errors", [...errors]);
    this.#span.end();
    if (transport !== "websocket") return;
    this.run(() =>
      log.info("WS {operation} {outcome} in {durationMs} ms", {
        path: "/graphql",
        transport,
        operation: name === undefined ? type : `${type} ${name}`,
        operationType: type,
        ...(name === undefined ? {} : { operationName: name }),
        outcome,
        durationMs: Math.round(durationMs),
        ...(lane === null ? {} : { lane }),
        ...(errors.size === 0 ? {} : { errors: [...errors] }),
      })
    );
  }

  get #stream(): string {
    return this.#scope.transport === "http" ? "sse" : "websocket";
  }
}

/** The code of an error that is meant for clients. */
function codeIn({ extensions, nodes, path }: GraphQLError): string {
  if (typeof extensions.code === "string") return extensions.code;
  // Of the errors without a code only those of variables point at the variable, before any field.
  const variable = path === undefined && nodes?.some(({ kind }) => kind === Kind.VARIABLE_DEFINITION);
  return variable ? "BAD_USER_INPUT" : "GRAPHQL_ERROR";
}

/** Parterre's own codes: the system's have no underscore, and Node's begin with ERR. */
const OWN_CODE = /^(?!ERR_)[A-Z]+_[A-Z_]+$/;

/** The code of an error that no resolver foresaw, such as that of a full disk. */
function codeOfFault(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return OWN_CODE.test(code) ? code : "INTERNAL_SERVER_ERROR";
}
