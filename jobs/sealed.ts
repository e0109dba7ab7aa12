/** Data that is believed only as it was written: with the SHA-256 of its bytes behind them. */

import { BrokenCheckpointError, packed, unpacked } from "../compute/pipeline/checkpoint.ts";

const HASH_BYTES = 32;

/** @param value As {@link packed} takes it. */
export async function sealed(value: object): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = packed(value);
  const whole = new Uint8Array(bytes.length + HASH_BYTES);
  whole.set(bytes);
  whole.set(await hashOf(bytes), bytes.length);
  return whole;
}

/** @throws {BrokenCheckpointError} if a byte is not as it was, or missing. */
export async function unsealed(whole: Uint8Array): Promise<unknown> {
  const bytes = new Uint8Array(whole.subarray(0, Math.max(0, whole.length - HASH_BYTES)));
  const hash = await hashOf(bytes);
  if (whole.length < HASH_BYTES || hash.some((byte, i) => byte !== whole[bytes.length + i])) {
    throw new BrokenCheckpointError("it is damaged");
  }
  return unpacked(bytes);
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
