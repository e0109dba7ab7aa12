/** The typed errors that mutations and dry runs answer with, instead of a result. */

import { formatPath, type InvalidInputError, InvalidInputErrors, quote } from "../errors.ts";
import { IdempotencyConflictError, type LaneLimit, LaneLimitError, QueueFullError } from "../jobs/errors.ts";
import { StorageError, type StorageFault } from "../assets/storage_error.ts";
import { builder, globalId } from "./builder.ts";

export { IdempotencyConflictError, InvalidInputErrors, LaneLimitError, QueueFullError };

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
      description: "When the queue is likely to take one more, in seconds.",
      resolve: (error) => error.retryAfterMs / 1000,
    }),
  }),
});

const LIMITS: Readonly<Record<LaneLimit, { readonly description: string }>> = {
  ACTIVE: { description: "Generations that wait and run at once." },
  WORK_PER_HOUR: { description: "Pixels times steps within an hour." },
};

const CallerLimitEnum = builder.enumType("CallerLimit", {
  description: "What a key may have no more of, or an address where no keys are asked for.",
  values: LIMITS,
});

builder.objectType(LaneLimitError, {
  name: "LimitExceededError",
  description: "The caller has as much as it may have for now. Nothing was queued.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    limit: t.field({ type: CallerLimitEnum, description: "What there is too much of.", resolve: ({ limit }) => limit }),
    value: t.exposeFloat("value", { description: "What the caller would come to." }),
    maximum: t.exposeFloat("maximum", { description: "What it may come to." }),
    retryAfterSeconds: t.float({
      nullable: true,
      description: "When it is likely to pass, in seconds; null if it is too much at any time.",
      resolve: ({ retryAfterMs }) => retryAfterMs === null ? null : retryAfterMs / 1000,
    }),
  }),
});

const StorageFaultEnum = builder.enumType("StorageFault", {
  description: "What is the matter with the server's disk or database.",
  values: {
    STORAGE_FULL: { description: "The disk is full." },
    STORAGE_READ_ONLY: { description: "The disk may only be read." },
    STORAGE_BUSY: { description: "Another program is writing to the database." },
    STORAGE_UNREACHABLE: { description: "The database or the object store does not answer." },
    STORAGE_DAMAGED: { description: "The database is damaged; trying again does not help." },
    STORAGE_FAILED: { description: "The disk or the object store does not answer as it should." },
  } satisfies Record<StorageFault, { description: string }>,
});

builder.objectType(StorageError, {
  name: "StorageError",
  description: "The server cannot read or write what it keeps. Nothing was changed; the request may be sent again.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    code: t.field({ type: StorageFaultEnum, description: "What is the matter.", resolve: ({ code }) => code }),
    retryAfterSeconds: t.float({
      nullable: true,
      description: "When the same request is worth another try, in seconds; null if it takes more than time.",
      resolve: ({ retryAfterMs }) => retryAfterMs === null ? null : retryAfterMs / 1000,
    }),
  }),
});

/** A generation was to be deleted that is not finished. */
export class NotFinishedError extends Error {
  override readonly name = "NotFinishedError";

  constructor(readonly id: string) {
    super(`Cannot delete generation ${quote(id)}: it is not finished; cancel it first`);
  }
}

builder.objectType(NotFinishedError, {
  name: "NotFinishedError",
  description: "The generation waits or runs. Nothing was deleted.",
  interfaces: [ErrorInterface],
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
