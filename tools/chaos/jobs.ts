/** Short jobs, and how a client that does not give up has them done. */

import { type GraphqlClient, RequestError, UnreachableError } from "../../cli/graphql_client.ts";

/** What a job asks for. */
export interface JobInput {
  readonly seed: number;
  readonly steps: number;
}

/** What stands at the end of a job. */
export interface Ended {
  readonly status: string;
  readonly attempts: number;
  /** Of its file, in hexadecimal digits; null without a picture. */
  readonly sha256: string | null;
}

const GENERATE = `mutation ($input: GenerateInput!) {
  generate(input: $input) {
    __typename
    ... on Generation { id }
    ... on Error { message }
    ... on StorageError { retryAfterSeconds }
  }
}`;

const ENDED = `query ($id: ID!) { generation(id: $id) { status attempts image { url } } }`;

/** Milliseconds between two tries. */
const AGAIN_MS = 250;

/** Calls until there is an answer: what is away for a while is waited for, anything else is thrown. */
export async function persist<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error)) throw error;
      signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** Whether an error says that trying again may help: no answer, a proxy without servers, or storage that is away. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError || error instanceof AwayError) return true;
  return error instanceof RequestError &&
    (error.status >= 502 || /^STORAGE_(UNREACHABLE|BUSY|READ_ONLY)$/.test(error.code));
}

/** `generate` answered that storage is away. */
class AwayError extends Error {
  override readonly name = "AwayError";
}

/**
 * Has a job accepted. The same key always gives the same id.
 * @throws {Error} with the server's message if it refuses.
 */
export function accept(
  client: GraphqlClient,
  { seed, steps }: JobInput,
  idempotencyKey: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const input = {
    model: "tiny-sd15",
    width: 64,
    height: 64,
    steps,
    seed,
    layout: { grid: { direction: "COLUMNS", ratios: "1,1" }, regions: [{ prompt: "ocean" }, { prompt: "forest" }] },
    ...idempotencyKey !== undefined && { idempotencyKey },
  };
  interface Answer {
    readonly generate: { readonly id?: string; readonly message?: string; readonly retryAfterSeconds?: number | null };
  }
  return persist(async () => {
    const { generate: { id, message, retryAfterSeconds } } = await client.request<Answer>(GENERATE, { input });
    if (id !== undefined) return id;
    throw typeof retryAfterSeconds === "number" ? new AwayError(message) : new Error(`Not accepted: ${message}`);
  }, signal);
}

/** What became of a job. */
export async function ended(client: GraphqlClient, id: string, signal: AbortSignal): Promise<Ended> {
  interface Answer {
    readonly generation: {
      readonly status: string;
      readonly attempts: number;
      readonly image: { readonly url: string } | null;
    };
  }
  return await persist(async () => {
    const { generation: { status, attempts, image } } = await client.request<Answer>(ENDED, { id });
    if (image === null) return { status, attempts, sha256: null };
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await client.picture(image.url)));
    return { status, attempts, sha256: hash.toHex() };
  }, signal);
}
