/** How many subscriptions are open, over server-sent events and WebSockets alike, and how many may be. */

import { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { Caller } from "../access/caller.ts";
import type { SchemaContext } from "../schema/builder.ts";
import { CallerCounts, type CallerMaxima } from "./caller_counts.ts";

/** Subscriptions that may be open, in all and of one caller. */
export type SubscriptionMaxima = CallerMaxima;

/** Seconds after which a client that was refused may try again. */
const RETRY_AFTER = 10;

/** Counts open subscriptions. */
export class SubscriptionLimits {
  readonly #counts: CallerCounts;

  constructor(maxima: SubscriptionMaxima) {
    this.#counts = new CallerCounts(maxima);
  }

  /** How many are open. */
  get active(): number {
    return this.#counts.active;
  }

  /**
   * Counts a subscription; the function counts it out.
   * @throws {GraphQLError} if there are as many as there may be.
   */
  open({ lane, limits }: Pick<Caller, "lane" | "limits">): () => void {
    const { inAll, perCaller: usual } = this.#counts.maxima;
    const perCaller = limits.maxSubscriptions ?? usual;
    const taken = this.#counts.take(lane, perCaller);
    if (typeof taken === "function") return taken;
    const [code, rule] = taken === "IN_ALL"
      ? ["TOO_MANY_SUBSCRIPTIONS", `${inAll} are open on this server, and there may be no more`] as const
      : ["TOO_MANY_SUBSCRIPTIONS_OF_CALLER", `you have ${perCaller} open, and may have no more`] as const;
    throw new GraphQLError(`Cannot subscribe: ${rule}`, {
      extensions: {
        code,
        retryAfterSeconds: RETRY_AFTER,
        http: { status: taken === "IN_ALL" ? 503 : 429, headers: { "retry-after": String(RETRY_AFTER) } },
      },
    });
  }
}

/** Counts each subscription until its stream ends, or whoever asked for it leaves. */
export function useSubscriptionLimits(limits: SubscriptionLimits): Plugin<SchemaContext> {
  return {
    onSubscribe({ args: { contextValue: { caller, signal } } }) {
      const close = limits.open(caller);
      // A client may leave before its stream is read at all.
      signal.addEventListener("abort", close, { once: true });
      const end = () => {
        signal.removeEventListener("abort", close);
        close();
      };
      return {
        onSubscribeResult: ({ result }) => Symbol.asyncIterator in result ? { onEnd: end } : void end(),
        onSubscribeError: end,
      };
    },
  };
}
