/** The seed of a generation that names none. */

import { createHash } from "node:crypto";

/** A random whole number from 0 to 2^32 - 1. */
export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** The seed that belongs to an idempotency key, so that sending the same input again asks for the same picture. */
export function seedOfKey(key: string): number {
  return createHash("sha256").update(key).digest().readUInt32BE();
}
