/** How many operations a caller may send within a minute, over every transport. */

import { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { SchemaContext } from "../schema/builder.ts";

/** Refuses operations beyond the caller's `requestsPerMinute`. */
export function useRequestLimits(): Plugin<SchemaContext> {
  /** One for each limit that some caller has: they differ by key. */
  const limiters = new Map<number, RateLimiterMemory>();
  /** Why the caller is refused; undefined if it is not. */
  const refusal = async ({ caller, retryAfter }: SchemaContext): Promise<GraphQLError | undefined> => {
    const { requestsPerMinute: points } = caller.limits;
    if (points === undefined) return undefined;
    const limiter = limiters.get(points) ?? new RateLimiterMemory({ points, duration: 60 });
    limiters.set(points, limiter);
    try {
      await limiter.consume(caller.lane);
      return undefined;
    } catch (result) {
      if (!(result instanceof RateLimiterRes)) throw result;
      retryAfter(result.msBeforeNext);
      return tooMany(points, result.msBeforeNext);
    }
  };
  return {
    // An answer rather than an error that is thrown: over a WebSocket that would be the end of the socket.
    async onExecute({ args, setExecuteFn }) {
      const error = await refusal(args.contextValue);
      if (error !== undefined) setExecuteFn(() => ({ errors: [error] }));
    },
    async onSubscribe({ args, setSubscribeFn }) {
      const error = await refusal(args.contextValue);
      if (error !== undefined) setSubscribeFn(() => ({ errors: [error] }));
    },
  };
}

function tooMany(limit: number, retryAfterMs: number): GraphQLError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new GraphQLError(`Cannot answer: this caller may send ${limit} operations a minute; retry in ${seconds} s`, {
    extensions: { code: "TOO_MANY_REQUESTS", retryAfterSeconds: seconds, http: { status: 429 } },
  });
}
