/** What every generation that is asked for goes through, however it was asked for. */

import { InvalidInputError } from "../../errors.ts";
import type { Generation } from "../../jobs/generation.ts";
import { fingerprint, type Idempotency } from "../../jobs/idempotency.ts";
import type { EnqueueOptions } from "../../jobs/queue.ts";
import { predictedWork } from "../../requests/predicted_work.ts";
import type { SchemaContext } from "../builder.ts";
import { IdempotencyConflictError, InvalidInputErrors, LaneLimitError, QueueFullError } from "../errors.ts";
import { requireEmbeddings } from "../model/embeddings.ts";
import { BudgetExceededError, BusyError, patient } from "../turn.ts";
import { requireCoverage, type ResolvedInput } from "./resolve_input.ts";

/** The typed errors of whatever asks for a generation. */
export const REFUSALS = [
  InvalidInputErrors,
  IdempotencyConflictError,
  QueueFullError,
  LaneLimitError,
  BudgetExceededError,
  BusyError,
];

/**
 * Queues a request that passes its last checks.
 * @throws {InvalidInputErrors}
 * @throws {QueueFullError} {@link LaneLimitError} {@link IdempotencyConflictError} as the queue has it.
 * @throws {BudgetExceededError} {@link BusyError} as the operation's turn has it.
 */
async function accept(
  resolved: ResolvedInput,
  options: EnqueueOptions,
  context: SchemaContext,
): Promise<Generation> {
  requireEmbeddings(resolved, context.services.catalog);
  await requireCoverage(resolved, context);
  const counted = { ...options, work: predictedWork(resolved) };
  return (await patient(context, context.services.queue.enqueue(resolved.request, counted))).generation;
}

/**
 * Queues what an input asks for, or finds what the same input was given before under its key.
 * @param said All that the input says, as plain JSON.
 * @param resolve Only called for what was not asked for before: anything may have changed since.
 * @throws what `resolve` and {@link accept} throw; {@link InvalidInputErrors} for a key or a turn that is none.
 */
export async function acceptOnce(
  input: TurnInput,
  said: object,
  resolve: () => Promise<ResolvedInput>,
  context: SchemaContext,
): Promise<Generation> {
  const idempotency = readIdempotency(input, said);
  const original = idempotency && await context.services.generations.findByKey(idempotency);
  if (original) return original;
  const turn = readTurn(input);
  return await accept(await resolve(), { ...turn, ...(idempotency && { idempotency }) }, context);
}

/** When a generation's turn comes, and what makes two requests for it one, as inputs have it. */
export interface TurnInput {
  readonly priority?: number | null | undefined;
  readonly expiresAfterSeconds?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Neither control characters nor line ends, nor what Unicode has not assigned. */
const IDEMPOTENCY_KEY = /^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u;

/**
 * The key of an input, if it has one.
 * @param said All that the input says, as plain JSON.
 * @throws {InvalidInputErrors} if what is to be a key is none.
 */
function readIdempotency({ idempotencyKey }: TurnInput, said: object): Idempotency | undefined {
  const key = idempotencyKey ?? undefined;
  if (key === undefined) return undefined;
  if (IDEMPOTENCY_KEY.test(key)) return { key, fingerprint: fingerprint(said) };
  const rule = "must be 1 to 255 printable characters";
  throw new InvalidInputErrors([new InvalidInputError("INVALID_VALUE", ["input", "idempotencyKey"], key, rule)]);
}

/** The highest priority; the lowest is its negative. */
const MAX_PRIORITY = 100;

/** The longest time to a deadline, in seconds. */
const MAX_EXPIRY = 30 * 24 * 3600;

/**
 * When a generation's turn comes, as the input has it.
 * @throws {InvalidInputErrors}
 */
function readTurn(
  { priority, expiresAfterSeconds }: TurnInput,
): { readonly priority: number; readonly expiresAfterMs?: number } {
  const problems: InvalidInputError[] = [];
  const refuse = (field: string, value: number, rule: string) =>
    problems.push(new InvalidInputError("OUT_OF_RANGE", ["input", field], value, rule));
  const chosen = priority ?? 0;
  if (Math.abs(chosen) > MAX_PRIORITY) refuse("priority", chosen, `must be from -${MAX_PRIORITY} to ${MAX_PRIORITY}`);
  const seconds = expiresAfterSeconds ?? null;
  if (seconds !== null && !(seconds > 0 && seconds <= MAX_EXPIRY)) {
    refuse("expiresAfterSeconds", seconds, `must be more than 0 and at most ${MAX_EXPIRY}`);
  }
  if (problems.length > 0) throw new InvalidInputErrors(problems);
  return { priority: chosen, ...(seconds === null ? {} : { expiresAfterMs: 1000 * seconds }) };
}
