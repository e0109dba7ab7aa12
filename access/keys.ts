/** Keys: what callers prove themselves with. The server knows a key's hash only; the key itself is shown once. */

import { createHash } from "node:crypto";
import type { CallerLimits, Scope } from "./caller.ts";

/** A key as it is kept. Times are milliseconds since the Unix epoch. */
export interface Key {
  /** UUID version 7; not secret. Everything that is made with the key belongs to this id. */
  readonly id: string;
  /** For people; need not be unique. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Where it has a limit of its own; the server's defaults hold for the others. */
  readonly limits: CallerLimits;
  readonly createdAt: number;
  /** Null for never. */
  readonly expiresAt: number | null;
  /** Null unless it was revoked. */
  readonly revokedAt: number | null;
}

/** What a new key is to be. */
export type KeySpec = Pick<Key, "name" | "scopes" | "limits" | "expiresAt">;

/** Keeps keys. */
export interface KeyStore {
  /** Makes a key. `secret` is what callers send; it cannot be had again. */
  create(spec: KeySpec): Promise<{ readonly key: Key; readonly secret: string }>;
  /** The key that a secret is of, also an expired or revoked one; null if it is of none. */
  findBySecret(secret: string): Promise<Key | null>;
  /** The key with this id; null if there is none. */
  get(id: string): Promise<Key | null>;
  /** All keys, the latest last. */
  list(): Promise<readonly Key[]>;
  /** Ends a key for good; again is harmless. Null if there is none with this id. */
  revoke(id: string): Promise<Key | null>;
}

/** What secrets begin with, so that scanners of code and logs can tell what they found. */
const PREFIX = "parterre_";

/** A new secret: 256 random bits in base64url. */
export function newSecret(): string {
  return PREFIX + crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * What is kept of a secret: its SHA-256 in hex. A slow hash, as for passwords, would gain nothing: 256 random bits cannot
 * be guessed.
 */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whether the key works at a time, in milliseconds since the epoch. */
export function isValid({ expiresAt, revokedAt }: Pick<Key, "expiresAt" | "revokedAt">, now: number): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}
