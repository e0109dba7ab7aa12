/** How many operations a caller may send within a minute, over every transport. */

import { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { SchemaContext } from "../schema/builder.ts";

/** Refuses operations beyond the caller's `requestsPerMinute`. */
export function useRequestLimits(): Plugin<SchemaContext> {
  /** One for each limit that some caller has: they differ by key. */
  const limiters = new Map<number, RateLimiterMemory>();
  const admit = async ({ caller, retryAfter }: SchemaContext) => {
    const { requestsPerMinute: points } = caller.limits;
    if (points === undefined) return;
    const limiter = limiters.get(points) ?? new RateLimiterMemory({ points, duration: 60 });
    limiters.set(points, limiter);
    try {
      await limiter.consume(caller.lane);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      retryAfter(refusal.msBeforeNext);
      throw tooMany(points, refusal.msBeforeNext);
    }
  };
  return {
    onExecute: ({ args }) => admit(args.contextValue),
    onSubscribe: ({ args }) => admit(args.contextValue),
  };
}

function tooMany(limit: number, retryAfterMs: number): GraphQLError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new GraphQLError(`Cannot answer: this caller may send ${limit} operations a minute; retry in ${seconds} s`, {
    extensions: { code: "TOO_MANY_REQUESTS", retryAfterSeconds: seconds, http: { status: 429 } },
  });
}
