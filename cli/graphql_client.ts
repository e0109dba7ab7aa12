/** A small client of Parterre's GraphQL API, made of what any program would use: fetch and graphql-sse. */

import { createClient } from "graphql-sse";

/** Calls one server. */
export class GraphqlClient {
  readonly #headers: Readonly<Record<string, string>>;

  /** @param key Where the server asks for keys. */
  constructor(private readonly server: string, key?: string) {
    this.#headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  /**
   * Runs a query or mutation.
   * @throws {Error} with the server's messages if it answers with errors.
   */
  async request<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${this.server}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "accept": "application/graphql-response+json",
        ...this.#headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors }: { data?: T; errors?: { message: string }[] } = await response.json();
    if (errors !== undefined || data === undefined || data === null) {
      throw new Error(`The server answered: ${errors?.map((e) => e.message).join("; ") ?? response.status}`);
    }
    return data;
  }

  /** Follows a subscription over server-sent events until it completes. */
  async *subscribe<T>(query: string, variables: Record<string, unknown> = {}): AsyncGenerator<T> {
    const client = createClient({ url: `${this.server}/graphql`, headers: { ...this.#headers } });
    try {
      for await (const { data, errors } of client.iterate<T>({ query, variables })) {
        if (errors !== undefined) throw new Error(`The server answered: ${errors.map((e) => e.message).join("; ")}`);
        if (data !== undefined && data !== null) yield data;
      }
    } finally {
      client.dispose();
    }
  }

  /** Fetches a picture by the path that the server gave. */
  async picture(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const response = await fetch(new URL(path, this.server), { headers: this.#headers });
    if (!response.ok) throw new Error(`Cannot fetch ${path}: status ${response.status}`);
    return await response.bytes();
  }
}
