/**
 * Against DNS rebinding: a page of any site can have its own name resolve to this machine, and then calls this server as
 * its own origin. What it cannot do is send another `Host` than its own name.
 */

import type { Connection } from "./listen.ts";
import { isLoopback } from "./loopback.ts";

/** `name` or `name:port`, lower case; IPv6 addresses in brackets. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)(?::(\d{1,5}))?$/;

/** The names that this server answers to, beside loopback and the address that the connection came to. */
export class AllowedHosts {
  readonly #names: ReadonlySet<string>;

  /** @param entries `name` stands for any port, `name:port` for one, `*` for every name; see {@link parseHosts}. */
  constructor(entries: readonly string[]) {
    this.#names = new Set(entries);
  }

  /** Whether a request with this `Host` may be answered. */
  allows(host: string, { localAddress }: Pick<Connection, "localAddress">): boolean {
    if (this.#names.has("*")) return true;
    const [, name = ""] = HOST.exec(host.toLowerCase()) ?? [];
    const bare = name.replace(/\.$/, "");
    return isLoopback(bare) || bare === bracketed(localAddress) || this.#names.has(bare) ||
      this.#names.has(host.toLowerCase());
  }
}

/**
 * Reads a list of hosts, separated by commas.
 * @throws {TypeError} if an entry is no host.
 */
export function parseHosts(text: string): readonly string[] {
  const entries = text.split(",").map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== "");
  for (const entry of entries) {
    if (entry !== "*" && !HOST.test(entry)) {
      throw new TypeError(`must be hosts such as app.example or app.example:8000, separated by commas, or *`);
    }
  }
  return entries;
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address.replace(/%.*/, "")}]` : address;
}
