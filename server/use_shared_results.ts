/**
 * Many subscribers who ask the same about the same event get one answer: it is executed and written as JSON once. With
 * hundreds of them that is most of what an event costs.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { createSourceEventStream, type DocumentNode, execute, type ExecutionArgs, type ExecutionResult } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { SchemaContext } from "../schema/builder.ts";
import type { SubscriberEvent, SubscriberEvents } from "../schema/generation/subscriber_event.ts";
import { framed, sequenced } from "./framed_result.ts";
import { Broadcasts, SharedStream } from "./shared_stream.ts";
import { limited } from "./use_answer_limit.ts";
import type { RequestContext } from "./visit.ts";

/** Different answers about one event that are kept as long as the event is at hand. */
const MAX_ANSWERS = 16;

/** Answers by event and question. */
type Answers = Map<string, Promise<ExecutionResult>>;

/** Takes the place of the engine's `subscribe`. */
export function useSharedResults(): Plugin<SchemaContext> {
  const answers = new WeakMap<object, Answers>();
  const broadcasts = new Broadcasts();
  const documents = new WeakMap<DocumentNode, number>();
  let documentCount = 0;

  /** Equal where the answers are equal: the same question of callers who may see the same. */
  const questionOf = ({ document, operationName, variableValues, contextValue }: ExecutionArgs): string => {
    const number = documents.get(document) ?? documentCount++;
    documents.set(document, number);
    const { caller: { owner, scopes } } = contextValue as SchemaContext;
    return JSON.stringify([number, operationName, variableValues, owner, [...scopes].sort()]);
  };

  const answer = async (args: ExecutionArgs, question: string, event: SubscriberEvent): Promise<ExecutionResult> => {
    const own = async () => sequenced(limited(await execute({ ...args, rootValue: event })), event.sequence);
    if (event.logged === null) return await own();
    const ofEvent = answers.get(event.logged) ?? new Map();
    answers.set(event.logged, ofEvent);
    const known = ofEvent.get(question);
    if (known === undefined) {
      if (ofEvent.size >= MAX_ANSWERS) return await own();
      const made = own().then((result) => result.errors === undefined ? framed(result, event.sequence) : result);
      ofEvent.set(question, made);
      return await made;
    }
    const result = await known;
    // What went wrong may have been the fault of the one who asked first, or of the moment.
    return result.errors === undefined ? result : await own();
  };

  const subscribe = async (args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> => {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const { outlet } = args.contextValue as Pick<RequestContext, "outlet">;
    const question = questionOf(args);
    const inside = AsyncLocalStorage.snapshot();
    return new SharedStream(
      source as SubscriberEvents, // there is no other subscription
      question,
      (event) => inside(answer, args, question, event),
      outlet,
      broadcasts,
    );
  };

  return { onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe) };
}
