/** A small client of Parterre's GraphQL API, made of what any program would use: fetch and graphql-sse. */

import { createClient, NetworkError } from "graphql-sse";

/** No answer came: the server cannot be reached, or the connection was lost. Asking again may help. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
  readonly code = "UNREACHABLE";

  constructor(readonly server: string, reason: string) {
    super(`Cannot reach ${server}: ${reason}`);
  }
}

/** The server answered, but not with data. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(
    message: string,
    /** Of HTTP; 200 for errors beside which there could have been data. */
    readonly status: number,
    /** The first error's code where the server gave one, else `REQUEST_FAILED`. */
    readonly code: string = "REQUEST_FAILED",
  ) {
    super(message);
  }
}

/** A GraphQL error as it is sent. */
interface SentError {
  readonly message: string;
  readonly extensions?: { readonly code?: unknown; readonly [name: string]: unknown };
}

/** Calls one server. */
export class GraphqlClient {
  readonly #headers: Readonly<Record<string, string>>;

  /** @param key Where the server asks for keys: sent as `Authorization: Bearer` to this server, and nowhere else. */
  constructor(readonly server: string, key?: string) {
    this.#headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  /**
   * Runs a query or mutation.
   * @param options.files Files for variables that are null, by their paths, such as `variables.input.file`: sent by the
   * GraphQL multipart request specification.
   * @throws {RequestError} with the server's messages if it answers with errors.
   * @throws {UnreachableError} if it does not answer.
   */
  async request<T>(
    query: string,
    variables: Record<string, unknown> = {},
    { signal, files = {} }: { signal?: AbortSignal; files?: Readonly<Record<string, File>> } = {},
  ): Promise<T> {
    const operations = JSON.stringify({ query, variables });
    const plain = Object.keys(files).length === 0;
    const response = await this.#fetch(`${this.server}/graphql`, {
      method: "POST",
      headers: {
        ...this.#headers,
        // Of a form, the boundary is in its type, which fetch writes.
        ...(plain ? { "content-type": "application/json" } : { "graphql-preflight": "1" }),
        "accept": "application/graphql-response+json",
      },
      body: plain ? operations : multipart(operations, files),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text().catch((error: unknown) => {
      throw this.#unreachable(error);
    });
    const { data, errors } = readAnswer<T>(text);
    if (errors !== undefined || data === undefined || data === null) throw refusal(response.status, errors, text);
    return data;
  }

  /**
   * Follows a subscription over server-sent events until it completes. A lost connection is not taken up again: that
   * would repeat events, unless the caller asks for those `after` the last one.
   * @throws {RequestError} with the server's messages if it answers with errors.
   * @throws {UnreachableError} if it does not answer, or if the connection is lost.
   */
  async *subscribe<T>(
    query: string,
    variables: Record<string, unknown> = {},
    { signal }: { signal?: AbortSignal } = {},
  ): AsyncGenerator<T> {
    const client = createClient({ url: `${this.server}/graphql`, headers: this.#headers, retryAttempts: 0 });
    const dispose = () => client.dispose();
    signal?.addEventListener("abort", dispose);
    try {
      signal?.throwIfAborted();
      for await (const { data, errors } of client.iterate<T>({ query, variables })) {
        if (errors !== undefined) throw refusal(200, errors, "");
        if (data !== undefined && data !== null) yield data;
      }
    } catch (error) {
      if (error instanceof RequestError) throw error;
      signal?.throwIfAborted();
      throw await this.#streamError(error);
    } finally {
      signal?.removeEventListener("abort", dispose);
      dispose();
    }
  }

  /**
   * Fetches a picture by the path that the server gave.
   * @throws {RequestError} if the server refuses.
   * @throws {UnreachableError} if it does not answer.
   */
  async picture(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const url = new URL(path, this.server);
    // The key is for this server alone, wherever its pictures are kept.
    const init = url.origin === new URL(this.server).origin ? { headers: this.#headers } : {};
    const response = await this.#fetch(url, init);
    if (!response.ok) {
      await response.body?.cancel();
      throw new RequestError(`Cannot fetch ${path}: status ${response.status}`, response.status);
    }
    return await response.bytes().catch((error: unknown) => {
      throw this.#unreachable(error);
    });
  }

  async #fetch(url: string | URL, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      init.signal?.throwIfAborted();
      throw this.#unreachable(error);
    }
  }

  /** What graphql-sse throws, in this module's words. */
  async #streamError(error: unknown): Promise<Error> {
    if (error instanceof NetworkError && error.response !== undefined) {
      const { response } = error;
      const text = response instanceof Response && !response.bodyUsed ? await response.text() : "";
      return refusal(response.status, readAnswer(text).errors, text);
    }
    return this.#unreachable(error);
  }

  #unreachable(error: unknown): UnreachableError {
    return new UnreachableError(this.server, reason(error));
  }
}

/** A form of the multipart request specification: https://github.com/jaydenseric/graphql-multipart-request-spec */
function multipart(operations: string, files: Readonly<Record<string, File>>): FormData {
  const form = new FormData();
  form.set("operations", operations);
  form.set("map", JSON.stringify(Object.fromEntries(Object.keys(files).map((path, i) => [i, [path]]))));
  for (const [i, file] of Object.values(files).entries()) form.set(String(i), file);
  return form;
}

/** The sort of answer that GraphQL gives; nothing of it where a proxy or another program answered. */
function readAnswer<T>(text: string): { readonly data?: T | null; readonly errors?: readonly SentError[] } {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null ? answer : {};
  } catch {
    return {};
  }
}

function refusal(status: number, errors: readonly SentError[] | undefined, text: string): RequestError {
  const first = text.trim().split("\n", 1)[0] ?? "";
  const said = errors?.map(({ message }) => message).join("; ") ?? (first.length <= 200 ? first : "");
  const message = `The server answered: ${
    said === "" || errors === undefined ? `status ${status} ${said}`.trim() : said
  }`;
  const code = errors?.[0]?.extensions?.code;
  return new RequestError(message, status, typeof code === "string" ? code : undefined);
}

/** Deno's network errors name the cause behind the last colon of a chain, some of them in a cause of their own. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? reason(error.cause) : undefined;
  const [line = ""] = (cause ?? error.message).split("\n", 1);
  return line.replace(/^.*?client error \(\w+\): /, "").replace(/ \(os error \d+\)$/, "");
}
