/** Generations as rows, and the one place where their status changes. */

import type { Selectable, Transaction } from "kysely";
import { type Generation, type GenerationError, type GenerationStatus, isTerminal } from "../../jobs/generation.ts";
import { appendEvent } from "./event_rows.ts";
import type { GenerationTable, StoreTables } from "./tables.ts";

export type GenerationRow = Selectable<GenerationTable>;

/** What changes together with the status. */
export type StatusChange =
  & { readonly status: GenerationStatus }
  & Partial<
    Pick<
      GenerationRow,
      | "attempts"
      | "started_at"
      | "step"
      | "eta_ms"
      | "error"
      | "image"
      | "metrics"
      | "worker_id"
      | "token"
      | "lease_expires_at"
    >
  >;

/** The times of a transaction, in milliseconds since the epoch, and whose status it changed. */
export interface ChangeTimes {
  readonly now: number;
  /** Previews of generations that completed before this may go. */
  readonly previewsUntil: number;
  /** Generations whose status was changed, in order, as rows after the change. */
  readonly changed: GenerationRow[];
}

/** The columns of a generation that no worker holds. */
export const UNHELD = { worker_id: null, token: null, lease_expires_at: null, eta_ms: null } as const;

/** The columns of a generation that waits to start from the beginning. */
export const WAITING = { ...UNHELD, status: "QUEUED", started_at: null, step: 0 } as const;

/** The columns of a generation that failed. */
export function failed(error: GenerationError): StatusChange {
  return { ...UNHELD, status: "FAILED", error: JSON.stringify({ code: error.code, message: error.message }) };
}

/** The record of a row. */
export function toGeneration(row: GenerationRow): Generation {
  return {
    id: row.id,
    request: JSON.parse(row.request),
    owner: row.owner,
    idempotencyKey: row.idempotency_key,
    priority: row.priority,
    expiresAt: row.expires_at,
    status: row.status,
    attempts: row.attempts,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    step: row.step,
    etaMs: row.eta_ms,
    error: parse(row.error),
    image: parse(row.image),
    metrics: parse(row.metrics),
  };
}

/**
 * Changes a generation's status, and appends the STATUS event and, for a terminal status, the COMPLETED event.
 * @param reason For the STATUS event.
 */
export async function changeStatus(
  db: Transaction<StoreTables>,
  id: string,
  change: StatusChange,
  reason: string | null,
  times: ChangeTimes,
): Promise<GenerationRow> {
  const { status } = change;
  const row = await db.updateTable("generations")
    .set({ ...change, completed_at: isTerminal(status) ? times.now : null })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  times.changed.push(row);
  await appendEvent(db, id, { type: "STATUS", status, reason }, times.now, times.previewsUntil);
  if (isTerminal(status)) {
    const error = parse<GenerationError>(row.error);
    await appendEvent(db, id, { type: "COMPLETED", status, error }, times.now, times.previewsUntil);
  }
  return row;
}

function parse<T>(json: string | null): T | null {
  return json === null ? null : JSON.parse(json);
}
