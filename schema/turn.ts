/** Whose turn an operation's work takes, what it may cost in all, and the errors of asking for too much. */

import { GraphQLError } from "graphql";
import { InvalidInputError } from "../errors.ts";
import { BusyError } from "../workers/fair_queue.ts";
import type { PaidTurn } from "../workers/timed_worker.ts";
import { BudgetExceededError, WorkBudget } from "../workers/work_budget.ts";
import { builder, type SchemaContext } from "./builder.ts";
import { ErrorInterface, LaneLimitError, QueueFullError } from "./errors.ts";

export { BudgetExceededError, BusyError };

/** The turn of one operation, with its budget. Its signal aborts when the caller leaves, or has its answer. */
export interface OperationTurn extends PaidTurn {
  readonly budget: WorkBudget;
  readonly signal: AbortSignal;
}

/** By context, of which every operation has its own. */
const turns = new WeakMap<SchemaContext, { readonly turn: OperationTurn; readonly answered: AbortController }>();

/** The turn that everything an operation asks for takes: all its fields share one budget. */
export function turnOf(context: SchemaContext): OperationTurn {
  const known = turns.get(context);
  if (known !== undefined) return known.turn;
  const { caller, signal } = context;
  const answered = new AbortController();
  const turn = { lane: caller.lane, signal: AbortSignal.any([signal, answered.signal]), budget: new WorkBudget() };
  turns.set(context, { turn, answered });
  return turn;
}

/** Ends what an operation has still under way: a field's fault may be the answer while others are being made. */
export function endTurn(context: SchemaContext): void {
  turns.get(context)?.answered.abort(new Error("The operation is answered"));
}

/** @throws {GraphQLError} CANCELED, which nobody reads, if the caller has left, or has its answer. */
export function requireCaller(context: SchemaContext): void {
  if (turnOf(context).signal.aborted) {
    throw new GraphQLError("Nobody waits for this any more", { extensions: { code: "CANCELED" } });
  }
}

/**
 * Work of an operation; where it is refused for now, the caller is told when to come again also beside the answer.
 * @throws {GraphQLError} CANCELED, which nobody reads, where nobody waits any more; else what the work throws.
 */
export async function patient<T>(context: SchemaContext, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isForNow(error)) context.retryAfter(error.retryAfterMs);
    requireCaller(context); // the signal's reason would be taken for a fault of the server
    throw error;
  }
}

/** Whether an error says that the same may be asked for later. */
function isForNow(error: unknown): error is BusyError | QueueFullError | LaneLimitError {
  return error instanceof BusyError || error instanceof QueueFullError || error instanceof LaneLimitError;
}

/**
 * Work whose faults are errors of its own field, with their codes.
 * @throws {GraphQLError} instead of the errors that answers would have as types.
 */
export async function ofItsField<T>(context: SchemaContext, work: Promise<T>): Promise<T> {
  try {
    return await patient(context, work);
  } catch (error) {
    if (error instanceof BusyError) throw withExtensions(error, { retryAfterSeconds: seconds(error) });
    if (error instanceof BudgetExceededError) throw withExtensions(error, { budget: error.budget, limit: error.limit });
    if (error instanceof InvalidInputError) throw withExtensions(error, {});
    throw error;
  }
}

function withExtensions(error: Error & { readonly code: string }, extensions: Record<string, unknown>): GraphQLError {
  return new GraphQLError(error.message, { extensions: { code: error.code, ...extensions } });
}

function seconds({ retryAfterMs }: BusyError): number {
  return retryAfterMs / 1000;
}

builder.objectType(BusyError, {
  name: "BusyError",
  description: "Too much work is waiting, the caller's or everybody's. Nothing was done; the same will do later.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfterSeconds: t.float({ description: "When there is likely to be room, in seconds.", resolve: seconds }),
  }),
});

builder.objectType(BudgetExceededError, {
  name: "BudgetExceededError",
  description:
    "The operation asks for more than one may cost. Nothing was done for this field; ask in several operations.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    budget: t.exposeString("budget", {
      description: "What there is too much of: `drafts`, `pixels`, `milliseconds` or `characters`.",
    }),
    limit: t.exposeInt("limit", { description: "How much of it the fields of one operation may come to together." }),
  }),
});
