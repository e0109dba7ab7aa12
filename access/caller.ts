/** Who asks: the owner of what is made, the lane whose turn it takes, and what it may do. */

/** What a key may be used for. `admin` includes the others, and sees what belongs to anybody. */
export type Scope = "read" | "generate" | "layouts" | "admin";

export const SCOPES: readonly Scope[] = ["read", "generate", "layouts", "admin"];

/** What a caller may ask for. Absent is unlimited. */
export interface CallerLimits {
  /** Operations within a minute. */
  readonly requestsPerMinute?: number | undefined;
  /** Generations that wait or run at once. */
  readonly maxActive?: number | undefined;
  /** Pixels times steps within an hour. */
  readonly maxWorkPerHour?: number | undefined;
  /** Subscriptions that are open at once. */
  readonly maxSubscriptions?: number | undefined;
}

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
  readonly limits: CallerLimits;
}

/** Whoever calls a server that asks for no keys, from an address. */
export function openCaller(address: string, limits: CallerLimits = {}): Caller {
  return { lane: `address:${address}`, owner: null, scopes: new Set(SCOPES), limits };
}

/** Whether the caller may do what a scope stands for. */
export function hasScope({ scopes }: Pick<Caller, "scopes">, scope: Scope): boolean {
  return scopes.has(scope) || scopes.has("admin");
}

/** The owner whose objects alone the caller sees; undefined if it sees all. */
export function seesOnly({ scopes, owner }: Pick<Caller, "scopes" | "owner">): string | undefined {
  return scopes.has("admin") ? undefined : owner ?? "";
}

/** Whether the caller sees what belongs to `owner`. */
export function sees(caller: Pick<Caller, "scopes" | "owner">, owner: string | null): boolean {
  const only = seesOnly(caller);
  return only === undefined || only === owner;
}
