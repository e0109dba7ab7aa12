/**
 * URLs that carry a key's permission, for what cannot send headers: images in pages, EventSource. They name the key and
 * their end, and are signed (HMAC-SHA256, RFC 2104) over all of the path and query.
 */

import { createHmac, timingSafeEqual } from "node:crypto";

/** What a signed URL says. */
export interface SignedUrl {
  /** The id of the key with whose permission it was made. */
  readonly keyId: string;
  /** When it ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Signs paths of this server, and tells which signatures are its own. */
export class UrlSigner {
  readonly #secret: Uint8Array;
  readonly #lifetime: number;
  readonly #now: () => number;

  /**
   * @param secret Random bytes, kept for as long as the URLs are to work.
   * @param lifetime Seconds that a URL works at least, and twice that at most: ends are rounded up, so that the same
   * picture has the same URL for a while and is fetched once.
   */
  constructor(secret: Uint8Array, lifetime: number, now: () => number = Date.now) {
    this.#secret = secret;
    this.#lifetime = lifetime;
    this.#now = now;
  }

  /** The path with a query that proves the key's permission: `key`, `expires` in Unix seconds, `signature`. */
  sign(path: string, keyId: string): string {
    const expires = (Math.floor(this.#now() / 1000 / this.#lifetime) + 2) * this.#lifetime;
    const url = new URL(path, "http://parterre.invalid");
    url.searchParams.set("key", keyId);
    url.searchParams.set("expires", String(expires));
    url.searchParams.set("signature", this.#signature(url));
    return url.pathname + url.search;
  }

  /** What the URL's signature proves; null if there is none, or if it is wrong or at its end. */
  verify(url: URL): SignedUrl | null {
    const given = url.searchParams.get("signature");
    const keyId = url.searchParams.get("key");
    const expires = url.searchParams.get("expires") ?? "";
    if (given === null || keyId === null || !/^\d{1,12}$/.test(expires)) return null;
    const expected = new TextEncoder().encode(this.#signature(url));
    const actual = new TextEncoder().encode(given);
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
    const expiresAt = Number(expires) * 1000;
    return this.#now() < expiresAt ? { keyId, expiresAt } : null;
  }

  /** Over the path and every parameter but the signature itself, as they are written. */
  #signature(url: URL): string {
    const parameters = new URLSearchParams(url.search);
    parameters.delete("signature");
    return createHmac("sha256", this.#secret).update(`${url.pathname}?${parameters}`).digest("base64url");
  }
}
