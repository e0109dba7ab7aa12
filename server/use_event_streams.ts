/**
 * Server-sent events, each made when the client has taken the one before; Yoga's own stream keeps one ahead, and a client
 * that does not read costs that. What many subscribers share is written once for all of them.
 * Source: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */

import type { ExecutionResult } from "graphql";
import type { Plugin } from "graphql-yoga";
import { frameHead, isFramed } from "./framed_result.ts";
import { shownResult } from "./shown_result.ts";

/** Milliseconds between signs of life: proxies end connections on which nothing happens. */
const PING_MS = 12_000;

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "content-encoding": "none", // for proxies that would compress, and therefore buffer
  "x-accel-buffering": "no", // for nginx, which buffers anyway
};

const encoder = new TextEncoder();
const PING = encoder.encode(":\n\n");
const END = encoder.encode("\n\n");
const COMPLETE = encoder.encode("event: complete\ndata:\n\n");

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
  const iterator = results[Symbol.asyncIterator]();
  let pinging: ReturnType<typeof setInterval> | undefined;
  return new ReadableStream({
    start(controller) {
      // Some browsers see nothing of an answer, not even its headers, before its first bytes.
      controller.enqueue(PING);
    },
    async pull(controller) {
      // Not before somebody reads: nobody cancels a stream whose client left before it was answered.
      pinging ??= setInterval(() => {
        if (controller.desiredSize === 0) controller.enqueue(PING); // 0: nothing waits to be taken
      }, PING_MS);
      try {
        const { done, value } = await iterator.next();
        if (done !== true && isFramed(value)) return controller.enqueue(value.frame());
        if (done !== true) {
          controller.enqueue(encoder.encode(frameHead(value)));
          controller.enqueue(encoder.encode(JSON.stringify(shownResult(value)))); // alone: to join them is to copy it
          controller.enqueue(END);
          return;
        }
        clearInterval(pinging);
        controller.enqueue(COMPLETE);
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
