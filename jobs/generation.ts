/** A generation as it is recorded: what was asked, where it stands, what came of it. */

import type { ImageFormat } from "../image/format.ts";
import type { GenerationRequest } from "./request.ts";

/**
 * Where a generation stands.
 *
 * QUEUED -> RUNNING -> SUCCEEDED | FAILED. A running generation whose cancellation was asked for is CANCELING until its
 * worker stops, and then CANCELED; a picture finished before that still SUCCEEDED. A RUNNING generation whose worker
 * is lost or lets go returns to QUEUED. A queued one that is canceled becomes CANCELED at once, and EXPIRED if it still
 * waits at its deadline.
 */
export type GenerationStatus = "QUEUED" | "RUNNING" | "CANCELING" | TerminalStatus;

/** A status that never changes again. */
export type TerminalStatus = "SUCCEEDED" | "FAILED" | "CANCELED" | "EXPIRED";

/** Whether the status never changes again. */
export function isTerminal(status: GenerationStatus): status is TerminalStatus {
  return status !== "QUEUED" && status !== "RUNNING" && status !== "CANCELING";
}

/** Anything that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Numbers about how a generation ran, such as the milliseconds each step took. */
export type GenerationMetrics = { readonly [name: string]: Json };

/** Why a generation failed. */
export interface GenerationError {
  /** Stable and machine-readable; `WORKER_LOST` when every attempt's worker died, `INTERNAL` for what nobody foresaw. */
  readonly code: string;
  readonly message: string;
}

/** Where the finished picture is and what it is. */
export interface GenerationImage {
  /** Key in the asset store. */
  readonly assetKey: string;
  readonly format: ImageFormat;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Size of the encoded file. */
  readonly bytes: number;
  /** Of the encoded file, 64 lower-case hex digits. */
  readonly sha256: string;
}

/** Where a region that is found by words lies. */
export interface RegionMask {
  /** The region's name. */
  readonly region: string;
  /** The words that it shows; a region that is made of several shapes may have several. */
  readonly words: string;
  /** White where the words were found; a pixel per latent cell. */
  readonly image: GenerationImage;
}

/** One generation. Times are milliseconds since the Unix epoch. */
export interface Generation {
  /** UUID version 7: sorts by time of creation. */
  readonly id: string;
  readonly request: GenerationRequest;
  /** The key that it belongs to; null for none. */
  readonly owner: string | null;
  readonly idempotencyKey: string | null;
  /** Of its lane's generations those with the highest priority come first. */
  readonly priority: number;
  /** When it expires if it still waits; null for never. */
  readonly expiresAt: number | null;
  readonly status: GenerationStatus;
  /** How often a worker has claimed it, not counting attempts that were released unharmed. */
  readonly attempts: number;
  readonly createdAt: number;
  /** Start of the latest attempt; null while queued. */
  readonly startedAt: number | null;
  /** Null until the status is terminal. */
  readonly completedAt: number | null;
  /** Completed steps of the latest attempt, 0 to those that its request takes. */
  readonly step: number;
  /** Milliseconds until the picture is expected; null where nobody knows. */
  readonly etaMs: number | null;
  /** Set exactly when FAILED. */
  readonly error: GenerationError | null;
  /** Set exactly when SUCCEEDED. */
  readonly image: GenerationImage | null;
  /** The pictures after the first, of a request for several. */
  readonly moreImages: readonly GenerationImage[];
  readonly metrics: GenerationMetrics | null;
  /** Of regions that are found by words, once they are found in the latest attempt; else none. */
  readonly regionMasks: readonly RegionMask[];
}
