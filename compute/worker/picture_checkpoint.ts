/** A picture's state as bytes, with what computed it: only the same goes on to the same bytes. */

import { BrokenCheckpointError, packed, unpacked } from "../pipeline/checkpoint.ts";
import type { PictureState } from "../pipeline/picture_state.ts";
import type { RuntimeInfo } from "../runtime/runtime.ts";

/**
 * What of a runtime numbers depend on, in their last bits. Threads are in it: they decide how sums are cut, and 4 give
 * other pictures than 2.
 */
export type ComputedBy = Readonly<Record<"provider" | "engine" | "threads" | "adapter", string>>;

/** A state, and what computed it. */
export interface PictureCheckpoint {
  readonly by: ComputedBy;
  readonly state: PictureState;
}

/** What computes here. */
export function computedBy({ provider, engine, threads, adapter }: RuntimeInfo): ComputedBy {
  return { provider, engine, threads: `${threads}`, adapter: adapter ?? "none" };
}

/** A state as bytes. */
export function packPicture(state: PictureState, info: RuntimeInfo): Uint8Array<ArrayBuffer> {
  return packed({ by: computedBy(info), state } satisfies PictureCheckpoint);
}

/** @throws {BrokenCheckpointError} if the bytes are not what {@link packPicture} gives. */
export function unpackPicture(bytes: Uint8Array): PictureCheckpoint {
  const value = unpacked(bytes);
  if (!isCheckpoint(value)) throw new BrokenCheckpointError("it holds no picture");
  return value;
}

function isCheckpoint(value: unknown): value is PictureCheckpoint {
  if (typeof value !== "object" || value === null || !("by" in value && "state" in value)) return false;
  const { state } = value;
  return typeof state === "object" && state !== null && "completed" in state && Number.isSafeInteger(state.completed) &&
    Number(state.completed) >= 0 && "call" in state && "paths" in state && Array.isArray(state.paths);
}
