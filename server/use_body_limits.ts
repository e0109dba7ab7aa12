/**
 * Against requests that are more than an operation needs: how many bytes a body may have, with and without files, and how
 * deep the JSON in it may be nested, which is walked by functions that call themselves.
 */

import { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";

/** Bytes of an operation with its variables. */
export const MAX_OPERATION_BYTES = 2 ** 20;
/** Levels of lists and objects in each other, in variables and extensions. */
const MAX_DEPTH = 100;

/** Refuses bodies that are too large with status 413, and variables that are nested too deep with 400. */
export function useBodyLimits(maxUploadBytes: number): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      const multipart = /^multipart\/form-data\s*(;|$)/i.test(request.headers.get("content-type") ?? "");
      const limit = multipart ? maxUploadBytes + MAX_OPERATION_BYTES : MAX_OPERATION_BYTES;
      if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
      if (requestParser === undefined || request.body === null) return;
      setRequestParser((whole) => requestParser(limited(whole, limit)));
    },
    onParams: ({ params }) => checkNesting(params),
  };
}

/** @throws {GraphQLError} if a request's variables or extensions are nested too deep. */
export function checkNesting({ variables, extensions }: { variables?: unknown; extensions?: unknown }): void {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [];
  waiting.push({ value: variables, depth: 0 }, { value: extensions, depth: 0 });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value !== "object" || value === null || value instanceof File) continue;
    if (depth >= MAX_DEPTH) {
      throw refused("TOO_DEEP", 400, `its variables may be nested at most ${MAX_DEPTH} levels deep`);
    }
    for (const inner of Object.values(value)) waiting.push({ value: inner, depth: depth + 1 });
  }
}

function limited(request: Request, limit: number): Request {
  let bytes = 0;
  const counted = request.body?.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > limit) controller.error(tooLarge(limit));
        else controller.enqueue(chunk);
      },
    }),
  );
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    signal: request.signal,
    body: counted ?? null,
  });
}

function tooLarge(limit: number): GraphQLError {
  return refused("REQUEST_TOO_LARGE", 413, `its body may have at most ${limit} bytes`);
}

function refused(code: string, status: number, rule: string): GraphQLError {
  return new GraphQLError(`Cannot read the request: ${rule}`, { extensions: { code, http: { status } } });
}
