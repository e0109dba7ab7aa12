/** A client of a server in a container: fetch, graphql-sse and a key. */

import { createClient } from "graphql-sse";

/** A generation, as far as is looked at here. */
export interface Generation {
  readonly status: string;
  readonly error: { readonly message: string } | null;
  readonly image: { readonly url: string } | null;
}

const GENERATION = "status error { message } image { url }";

/** Calls one server with one key, or none. */
export class Client {
  readonly #headers: Readonly<Record<string, string>>;

  /** @param fetch Sends requests; by default the platform's. */
  constructor(private readonly server: string, key: string | undefined, private readonly fetch = globalThis.fetch) {
    this.#headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  /** Sends an operation. */
  async post<T>(query: string, variables: unknown = {}): Promise<{ status: number; data: T | null; text: string }> {
    const response = await this.fetch(`${this.server}/graphql`, {
      method: "POST",
      headers: { ...this.#headers, "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const { data = null } = JSON.parse(text);
    return { status: response.status, data, text };
  }

  /** Asks for a picture of one region. @returns The generation's id. */
  async generate(input: Readonly<Record<string, unknown>>): Promise<string> {
    const layout = { regions: [{ prompt: "a sailboat, ocean", geometry: { rest: true } }] };
    const { data, text } = await this.post<{ generate: { id?: string } }>(
      "mutation ($input: GenerateInput!) { generate(input: $input) { ... on Generation { id } ... on Error { message } } }",
      { input: { layout, ...input } },
    );
    if (data?.generate?.id === undefined) throw new Error(text);
    return data.generate.id;
  }

  /** A generation; null if there is none for this key. */
  async generation(id: string): Promise<Generation | null> {
    const query = `query ($id: ID!) { generation(id: $id) { ${GENERATION} } }`;
    const { data } = await this.post<{ generation: Generation | null }>(query, { id });
    return data?.generation ?? null;
  }

  /** Waits until a generation has made a step. */
  async started(id: string): Promise<void> {
    for await (const { __typename } of this.events(id)) if (__typename === "GenerationProgressEvent") return;
    throw new Error("The stream ended before a step");
  }

  /**
   * Follows a generation to its end.
   * @returns The number of previews, milliseconds until the first, and the picture's path.
   */
  async follow(id: string): Promise<{ previews: number; firstMs: number; image: string }> {
    const start = performance.now();
    let previews = 0;
    let firstMs = 0;
    let last: Generation | undefined;
    for await (const event of this.events(id)) {
      if (event.__typename === "GenerationPreviewEvent" && previews++ === 0) {
        firstMs = Math.round(performance.now() - start);
      }
      last = event.generation ?? last;
    }
    if (last?.image === null || last === undefined) throw new Error(`No picture: ${JSON.stringify(last)}`);
    return { previews, firstMs, image: last.image.url };
  }

  /** Fetches a picture by the path that the server gave. */
  async picture(path: string): Promise<Uint8Array> {
    const response = await this.fetch(new URL(path, this.server), { headers: this.#headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return await response.bytes();
  }

  /** Fetches a text. */
  async text(path: string): Promise<string> {
    return new TextDecoder().decode(await this.picture(path));
  }

  /** What happens to a generation, from a snapshot of it on, until it is completed. */
  async *events(id: string): AsyncGenerator<{ readonly __typename: string; readonly generation?: Generation }> {
    const client = createClient({ url: `${this.server}/graphql`, headers: this.#headers, fetchFn: this.fetch });
    const query = `subscription ($id: ID!) {
      generationEvents(id: $id, preview: { every: 1 }) {
        __typename
        ... on GenerationSnapshotEvent { generation { ${GENERATION} } }
        ... on GenerationPreviewEvent { image { url } }
        ... on GenerationCompletedEvent { generation { ${GENERATION} } }
      }
    }`;
    type Answer = { generationEvents: { __typename: string; generation?: Generation } };
    try {
      for await (const { data, errors } of client.iterate<Answer>({ query, variables: { id } })) {
        if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join("; "));
        if (data) yield data.generationEvents;
      }
    } finally {
      client.dispose();
    }
  }
}
