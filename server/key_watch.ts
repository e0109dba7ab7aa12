/** Streams that are open when their key ends: they end too, within seconds, and say why. */

import { getLogger } from "@logtape/logtape";
import type { ExecutionArgs, ExecutionResult } from "graphql";
import type { Plugin } from "graphql-yoga";
import { type AuthenticationError, endOf } from "../access/authenticator.ts";
import type { KeyStore } from "../access/keys.ts";
import type { SchemaContext } from "../schema/builder.ts";
import { unauthenticated } from "./use_authentication.ts";

const log = getLogger(["parterre", "access"]);

/** Milliseconds between looks at the keys that have streams: other processes revoke them. */
const LOOK_MS = 2000;

/** What is told when a key ends. */
type Ended = (error: AuthenticationError) => void;

/** Looks at the keys behind open streams. */
export class KeyWatch {
  readonly #streams = new Map<string, Set<Ended>>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly keys: Pick<KeyStore, "get">, private readonly now: () => number = Date.now) {}

  /** Has `ended` called once if the key ends; the function that is answered stops that. */
  add(key: string, ended: Ended): () => void {
    const streams = this.#streams.get(key) ?? new Set();
    this.#streams.set(key, streams.add(ended));
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
    return () => {
      streams.delete(ended);
      if (streams.size === 0 && this.#streams.get(key) === streams) this.#streams.delete(key);
      if (this.#streams.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  async #look(): Promise<void> {
    for (const [id, streams] of [...this.#streams]) {
      try {
        const key = await this.keys.get(id);
        // The operator's key stands in no table, and lasts as long as the server.
        const error = key === null ? null : endOf(key, this.now());
        if (error === null) continue;
        for (const ended of [...streams]) ended(error);
      } catch (error) {
        log.warn("Cannot look whether the key {key} still works: {error}", { key: id, error });
      }
    }
  }
}

/** Ends subscriptions with their keys. Stands behind what takes the engine's place. */
export function useKeyWatch(watch: KeyWatch): Plugin<SchemaContext> {
  return {
    onSubscribe({ args: { contextValue: { caller: { owner } } }, subscribeFn, setSubscribeFn }) {
      if (owner === null) return; // no keys are asked for
      setSubscribeFn(async (args: ExecutionArgs) => {
        const results: AsyncIterableIterator<ExecutionResult> | ExecutionResult = await subscribeFn(args);
        return Symbol.asyncIterator in results ? endedWithKey(results, (ended) => watch.add(owner, ended)) : results;
      });
    },
  };
}

/** The same results until the key ends, then one error. */
function endedWithKey(
  results: AsyncIterableIterator<ExecutionResult>,
  whenEnded: (ended: Ended) => () => void,
): AsyncIterableIterator<ExecutionResult> {
  let last: ExecutionResult | undefined;
  const stop = whenEnded((error) => {
    last = { errors: [unauthenticated(error)] };
    stop();
    void results.return?.(); // wakes whoever waits for the next one
  });
  const own: AsyncIterableIterator<ExecutionResult> = {
    next: async () => {
      const result = await results.next();
      const value = last;
      if (value !== undefined) {
        last = undefined;
        return { done: false, value };
      }
      if (result.done) stop();
      return result;
    },
    return: async () => {
      stop();
      await results.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => own,
  };
  return own;
}
