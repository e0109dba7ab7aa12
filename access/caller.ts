/** Who asks: the owner of what is made, the lane whose turn it takes, and what it may do. */

/** What a key may be used for. `admin` includes the others, and sees what belongs to anybody. */
export type Scope = "read" | "generate" | "layouts" | "admin";

export const SCOPES: readonly Scope[] = ["read", "generate", "layouts", "admin"];

/** Whoever sent a request. */
export interface Caller {
  /**
   * Whose turn it takes where callers take turns, and whose limits it is held to: `key:<id>`, or `address:<ip>` where
   * the server asks for no keys.
   */
  readonly lane: string;
  /** The key that owns what this caller makes; null where the server asks for no keys. */
  readonly owner: string | null;
  readonly scopes: ReadonlySet<Scope>;
}

/** Whoever calls a server that asks for no keys, from an address. */
export function openCaller(address: string): Caller {
  return { lane: `address:${address}`, owner: null, scopes: new Set(SCOPES) };
}
