/** The typed errors that mutations and dry runs answer with, instead of a result. */

import { formatPath, type InvalidInputError, InvalidInputErrors, quote } from "../errors.ts";
import { IdempotencyConflictError, QueueFullError } from "../jobs/errors.ts";
import { builder, globalId } from "./builder.ts";

export { IdempotencyConflictError, InvalidInputErrors, QueueFullError };

/** What people call the types whose objects may be missing. */
const NAMES = { Generation: "generation", SavedLayout: "saved layout" } as const;

/** No object has the id that was asked for. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";

  /** @param id Without its type, as the stores know it. */
  constructor(readonly id: string, readonly typename: keyof typeof NAMES = "Generation") {
    super(`No ${NAMES[typename]} has the id ${quote(id)}`);
  }
}

/** What all error types have. */
export const ErrorInterface = builder.interfaceRef<Error>("Error").implement({
  description: "Why a request was not carried out. Every error type has these fields and may add its own.",
  fields: (t) => ({
    message: t.exposeString("message", { description: "What went wrong, in words for people." }),
  }),
});

/** The fields of an error, without being one: executors take an Error in a list for a failure of the list. */
type Problem = Pick<InvalidInputError, "code" | "path" | "value" | "rule" | "message">;

const InputProblem = builder.objectRef<Problem>("InputProblem").implement({
  description: "One value of the input that breaks a rule.",
  fields: (t) => ({
    code: t.exposeString("code", {
      description: "Stable, machine-readable kind of problem, for instance `OUT_OF_RANGE`.",
    }),
    path: t.stringList({
      description: "Where the value stands in the input, outermost first; list positions are numbers written as text.",
      resolve: (problem) => problem.path.map(String),
    }),
    field: t.string({
      description: "The same place as one text, for instance `input.layout.regions[1].weight`.",
      resolve: (problem) => formatPath(problem.path),
    }),
    value: t.string({ description: "The offending value.", resolve: (problem) => quote(problem.value) }),
    rule: t.exposeString("rule", { description: "The rule it breaks, for instance `must be greater than 0`." }),
    message: t.exposeString("message", { description: "Path, rule and value in one sentence." }),
  }),
});

builder.objectType(InvalidInputErrors, {
  name: "InvalidInputError",
  description: "The input breaks rules of the model, of the layout or of this server. Nothing was queued.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    problems: t.field({
      description: "Every problem found, in the order of the input's fields; at least one.",
      type: [InputProblem],
      resolve: (error) =>
        error.problems.map(({ code, path, value, rule, message }) => ({ code, path, value, rule, message })),
    }),
  }),
});

builder.objectType(IdempotencyConflictError, {
  name: "IdempotencyConflictError",
  description: "The idempotency key was used before, for a different input. Nothing was queued.",
  interfaces: [ErrorInterface],
});

builder.objectType(QueueFullError, {
  name: "QueueFullError",
  description: "The queue takes no more work now. Nothing was queued.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfterSeconds: t.float({
      description: "When a place is likely to be free, in seconds.",
      resolve: (error) => error.retryAfterMs / 1000,
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: "NotFoundError",
  description: "No object has this id.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    id: t.string({
      description: "The global id that was asked for.",
      resolve: ({ typename, id }) => globalId(typename, id),
    }),
  }),
});
