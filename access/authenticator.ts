/** Telling who asks, by a key or by an address. */

import { timingSafeEqual } from "node:crypto";
import { type Caller, type CallerLimits, openCaller, type Scope, SCOPES } from "./caller.ts";
import { hashSecret, isValid, type Key, type KeyStore } from "./keys.ts";
import type { UrlSigner } from "./signed_urls.ts";

/** Nobody knows who asks. */
export class AuthenticationError extends Error {
  override readonly name = "AuthenticationError";
  readonly code = "UNAUTHENTICATED";

  constructor(reason: string) {
    super(`Cannot tell who asks: ${reason}`);
  }
}

/** Why a key works no longer at a time, in milliseconds since the epoch; null if it does. */
export function endOf(key: Key, now: number): AuthenticationError | null {
  if (isValid(key, now)) return null;
  return new AuthenticationError(`the key ${key.id} ${key.revokedAt === null ? "has expired" : "was revoked"}`);
}

/** How callers are told apart. */
export interface AuthenticatorOptions {
  /** Whether keys are asked for; without, callers are told apart by their addresses and may do everything. */
  readonly mode: "open" | "keys";
  readonly keys: Pick<KeyStore, "findBySecret" | "get">;
  readonly signer: Pick<UrlSigner, "verify">;
  /** A key of the operator's that is not kept: scope `admin`, owner `admin`. */
  readonly adminSecret?: string | undefined;
  /** For callers without limits of their own. */
  readonly limits: CallerLimits;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The id of the operator's key, which stands in no table. */
const ADMIN_ID = "admin";

/** What signed URLs may be used for. */
const BY_URL: readonly Scope[] = ["read"];

/**
 * Tells who asks.
 *
 * @example
 * ```ts
 * const authenticator = new Authenticator({ mode: "keys", keys: store.keys, signer, limits: {} });
 * const caller = await authenticator.byHeader("Bearer parterre_...", "203.0.113.7");
 * if (!hasScope(caller, "generate")) return new Response(null, { status: 403 });
 * ```
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #now: () => number;
  readonly #adminHash: string | null;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#adminHash = options.adminSecret === undefined ? null : hashSecret(options.adminSecret);
  }

  /** Whether keys are asked for. */
  get asksForKeys(): boolean {
    return this.#options.mode === "keys";
  }

  /**
   * Whoever sends an `Authorization` header from an address.
   * @param authorization `Bearer KEY`; null where there is none.
   * @throws {AuthenticationError} if keys are asked for and this is none that works.
   */
  async byHeader(authorization: string | null, address: string): Promise<Caller> {
    if (!this.asksForKeys) return openCaller(address, this.#options.limits);
    if (authorization === null || authorization === "") {
      throw new AuthenticationError("send the header `Authorization: Bearer KEY`");
    }
    const [, secret] = /^Bearer +([^\s]{1,200})$/i.exec(authorization) ?? [];
    if (secret === undefined) throw new AuthenticationError("the header must be `Authorization: Bearer KEY`");
    if (this.#isAdmin(secret)) return this.#adminCaller(SCOPES);
    const key = await this.#options.keys.findBySecret(secret);
    if (key === null) throw new AuthenticationError("this key is unknown");
    return this.#ofKey(key, key.scopes);
  }

  /**
   * Whoever was given a signed URL; null if this is none.
   * @throws {AuthenticationError} if its signature is wrong or at its end, or its key works no longer.
   */
  async byUrl(url: URL): Promise<Caller | null> {
    if (!this.asksForKeys || !url.searchParams.has("signature")) return null;
    const signed = this.#options.signer.verify(url);
    if (signed === null) throw new AuthenticationError("the URL's signature is wrong or has expired");
    if (signed.keyId === ADMIN_ID && this.#adminHash !== null) return this.#adminCaller([...BY_URL, "admin"]);
    const key = await this.#options.keys.get(signed.keyId);
    if (key === null) throw new AuthenticationError("the key that the URL was made with is unknown");
    // What an administrator was given a URL to may belong to anybody.
    return this.#ofKey(key, key.scopes.includes("admin") ? [...BY_URL, "admin"] : BY_URL);
  }

  #ofKey(key: Key, scopes: readonly Scope[]): Caller {
    const ended = endOf(key, this.#now());
    if (ended !== null) throw ended;
    const limits = { ...this.#options.limits, ...key.limits };
    return { lane: `key:${key.id}`, owner: key.id, scopes: new Set(scopes), limits };
  }

  #isAdmin(secret: string): boolean {
    if (this.#adminHash === null) return false;
    const encoder = new TextEncoder();
    // Both are hashes, so of one length, and their order tells nothing of the key.
    return timingSafeEqual(encoder.encode(hashSecret(secret)), encoder.encode(this.#adminHash));
  }

  #adminCaller(scopes: readonly Scope[]): Caller {
    return { lane: `key:${ADMIN_ID}`, owner: ADMIN_ID, scopes: new Set(scopes), limits: {} };
  }
}
