/** Generations as rows, and the one place where their status changes. */

import {
  type Generation,
  type GenerationError,
  type GenerationImage,
  type GenerationStatus,
  isTerminal,
} from "../../jobs/generation.ts";
import type { Change } from "./change.ts";
import { appendEvent } from "./event_rows.ts";
import type { GenerationRow } from "./tables.ts";

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
      | "more_images"
      | "metrics"
      | "region_masks"
      | "worker_id"
      | "token"
      | "lease_expires_at"
    >
  >;

/** The columns of a generation that no worker holds. */
export const UNHELD = { worker_id: null, token: null, lease_expires_at: null, eta_ms: null } as const;

/** The columns of a generation that waits to start from the beginning. */
export const WAITING = { ...UNHELD, status: "QUEUED", started_at: null, step: 0, region_masks: null } as const;

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
    moreImages: parse<readonly GenerationImage[]>(row.more_images) ?? [],
    metrics: parse(row.metrics),
    regionMasks: parse(row.region_masks) ?? [],
  };
}

/**
 * Changes a generation's status, and appends the STATUS event and, for a terminal status, the COMPLETED event.
 * @param reason For the STATUS event.
 */
export async function changeStatus(
  change: Change,
  id: string,
  columns: StatusChange,
  reason: string | null,
): Promise<GenerationRow> {
  const { status } = columns;
  const row = await change.db.updateTable("generations")
    .set({ ...columns, completed_at: isTerminal(status) ? change.now : null })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await tellStatus(change, row, reason);
  return row;
}

/** Tells of a status that was changed: the events, and who is told after the commit. */
export async function tellStatus(change: Change, row: GenerationRow, reason: string | null): Promise<void> {
  const { id, status } = row;
  change.changed.push(row);
  await appendEvent(change, id, { type: "STATUS", status, reason });
  if (isTerminal(status)) {
    const error = parse<GenerationError>(row.error);
    await appendEvent(change, id, { type: "COMPLETED", status, error });
  }
}

function parse<T>(json: string | null): T | null {
  return json === null ? null : JSON.parse(json);
}
