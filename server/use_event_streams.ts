/**
 * Server-sent events, each made when the client has taken the one before; Yoga's own stream keeps one ahead, and a client
 * that does not read costs that.
 * Source: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */

import type { ExecutionResult } from "graphql";
import type { Plugin } from "graphql-yoga";
import { shownResult } from "./shown_result.ts";

/** Milliseconds between signs of life: proxies end connections on which nothing happens. */
const PING_MS = 12_000;

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "content-encoding": "none", // for proxies that would compress, and therefore buffer
};

const PING = ":\n\n";
const COMPLETE = "event: complete\ndata:\n\n";

/** Streams what subscriptions answer. */
export function useEventStreams(): Plugin {
  return {
    onResultProcess({ result, resultProcessor, setResultProcessor }) {
      // Where Yoga has found none, the client accepts no event stream.
      if (resultProcessor === undefined || !(Symbol.asyncIterator in result)) return;
      setResultProcessor(
        (results) => new Response(eventStream(results as AsyncIterable<ExecutionResult>), { headers: HEADERS }),
        "text/event-stream",
      );
    },
  };
}

function eventStream(results: AsyncIterable<ExecutionResult>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const iterator = results[Symbol.asyncIterator]();
  let pinging: ReturnType<typeof setInterval> | undefined;
  return new ReadableStream({
    start(controller) {
      // Some browsers see nothing of an answer, not even its headers, before its first bytes.
      controller.enqueue(encoder.encode(PING));
    },
    async pull(controller) {
      // Not before somebody reads: nobody cancels a stream whose client left before it was answered.
      pinging ??= setInterval(() => {
        if (controller.desiredSize === 0) controller.enqueue(encoder.encode(PING)); // 0: nothing waits to be taken
      }, PING_MS);
      try {
        const { done, value } = await iterator.next();
        if (done !== true) {
          controller.enqueue(encoder.encode("event: next\ndata: "));
          controller.enqueue(encoder.encode(JSON.stringify(shownResult(value)))); // alone: to join them is to copy it
          controller.enqueue(encoder.encode("\n\n"));
          return;
        }
        clearInterval(pinging);
        controller.enqueue(encoder.encode(COMPLETE));
        controller.close();
      } catch (error) {
        clearInterval(pinging);
        controller.error(error);
      }
    },
    async cancel() {
      clearInterval(pinging);
      await iterator.return?.();
    },
  }, { highWaterMark: 0 });
}
