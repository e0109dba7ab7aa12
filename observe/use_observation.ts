/** Every GraphQL operation, over whatever transport, is counted, traced, and told of in one log line. */

import { type DocumentNode, type ExecutionArgs, type ExecutionResult, getOperationAST, GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { Metrics } from "./metrics.ts";
import { isCounted, ObservedOperation } from "./operation.ts";
import { currentRequest, requestIdOf, type RequestScope } from "./request_scope.ts";
import { watchedStream } from "./watched_stream.ts";

type Answer = ExecutionResult | AsyncIterable<ExecutionResult>;

/**
 * Observes what is done before an operation of a WebSocket is executed: what is refused there, and no plugin's hook saw
 * the end of, is counted.
 */
export async function observePreparation<T>(
  prepare: () => Promise<T | readonly GraphQLError[]> | readonly GraphQLError[],
): Promise<T | readonly GraphQLError[]> {
  const request = currentRequest();
  const before = request?.operations;
  const pending = prepare();
  // Parsing and validating waits for nothing, so it is over, and its refusals are counted.
  const seen = request?.operations !== before;
  const prepared = await pending;
  if (!seen && Array.isArray(prepared)) observeRefusal(prepared);
  return prepared;
}

/** Counts errors with which the current request's operation is refused, unless they are counted. */
export function observeRefusal(errors: readonly GraphQLError[]): void {
  const request = currentRequest();
  const news = errors.filter((error) => !isCounted(error));
  if (request === undefined || news.length === 0) return;
  const operation = new ObservedOperation(request.metrics, request, undefined);
  for (const error of news) operation.failed(codeOr(error, "BAD_REQUEST"));
  operation.end("refused");
}

/** Observes operations. Stands last in the list of plugins, so that what the others do to execution is inside. */
export function useObservation(metrics: Metrics): Plugin {
  /** What was validated, for operations that a hook refuses after that. */
  const documents = new WeakMap<RequestScope, DocumentNode>();

  const unasked = (): RequestScope => ({
    requestId: requestIdOf(undefined),
    transport: "websocket",
    lane: null,
    operation: null,
    operations: 0,
    metrics,
  });

  const begin = (document?: DocumentNode, name?: string | null) => {
    const node = document === undefined ? undefined : getOperationAST(document, name) ?? undefined;
    return new ObservedOperation(metrics, currentRequest() ?? unasked(), node);
  };

  const refuse = (errors: readonly unknown[], unnamed: string, document?: DocumentNode) => {
    const operation = begin(document);
    for (const error of errors) operation.failed(error instanceof GraphQLError ? codeOr(error, unnamed) : unnamed);
    operation.end("refused");
  };

  const observed = <A extends ExecutionArgs>(execute: (args: A) => Answer | Promise<Answer>) => async (args: A) => {
    const operation = begin(args.document, args.operationName);
    try {
      const answer = await operation.run(() => execute(args));
      if (!isStream(answer)) {
        operation.judge(answer);
        operation.end();
        return answer;
      }
      operation.streams();
      return watchedStream(answer, {
        run: (callback) => operation.run(callback),
        item: (result) => operation.judge(result),
        threw: (error) => operation.threw(error),
        ended: (how) => operation.streamed(how),
      });
    } catch (error) {
      operation.threw(error);
      operation.end();
      throw error;
    }
  };

  return {
    onParse() {
      return ({ result }) => {
        if (result instanceof Error) refuse([result], "GRAPHQL_PARSE_FAILED");
      };
    },
    onValidate({ params: { documentAST } }) {
      return ({ valid, result }) => {
        if (!valid) return refuse(result, "GRAPHQL_VALIDATION_FAILED", documentAST);
        const request = currentRequest();
        if (request?.transport === "http") documents.set(request, documentAST);
      };
    },
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn(observed(executeFn));
    },
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      setSubscribeFn(observed(subscribeFn));
    },
    onResultProcess({ result }) {
      const request = currentRequest();
      if (request?.operations !== 0) return;
      // Refused before there was an operation, as where a body cannot be read, or before it was executed.
      const results = Array.isArray(result) ? result : [result];
      const errors = results.flatMap((one) => "errors" in one ? one.errors ?? [] : []);
      refuse(errors, "BAD_REQUEST", documents.get(request));
    },
  };
}

function codeOr({ extensions }: GraphQLError, unnamed: string): string {
  return typeof extensions.code === "string" ? extensions.code : unnamed;
}

function isStream(answer: Answer): answer is AsyncIterable<ExecutionResult> {
  return Symbol.asyncIterator in answer;
}
