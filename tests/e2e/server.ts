/** A real server on a real port, for tests that are its clients. */

import { readConfig } from "../../server/config.ts";
import { type Parterre, startParterre } from "../../server/parterre.ts";
import { decodePng } from "../../image/png.ts";
import { GraphqlClient } from "../../cli/graphql_client.ts";

/** A server and a client of it; `await using` ends it. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly parterre: Parterre;
  readonly client: GraphqlClient;
  readonly dataFolder: string;
}

/** Starts a server on a free port over a new data folder, or over a given one, which is then kept. */
export async function startServer(
  { dataFolder, environment = {} }: { dataFolder?: string; environment?: Record<string, string> } = {},
): Promise<TestServer> {
  const folder = dataFolder ?? Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const parterre = await startParterre({
    ...readConfig({ PARTERRE_PRELOAD: "none", ...environment }),
    port: 0,
    dataFolder: folder,
  });
  return {
    url: parterre.url,
    parterre,
    client: new GraphqlClient(parterre.url),
    dataFolder: folder,
    [Symbol.asyncDispose]: async () => {
      await parterre.close();
      if (dataFolder === undefined) Deno.removeSync(folder, { recursive: true });
    },
  };
}

/** A small, quick picture: 64 x 64 pixels in a few steps. */
export const SMALL = {
  width: 64,
  height: 64,
  steps: 4,
  seed: 5,
  layout: {
    grid: { direction: "COLUMNS", ratios: "1,1" },
    regions: [{ name: "sea", prompt: "ocean" }, { name: "wood", prompt: "forest" }],
  },
} as const;

/** What `generate` answers, as far as tests look at it. */
export interface Generated {
  readonly generate: {
    readonly __typename: string;
    readonly id: string;
    readonly status: string;
    readonly message: string;
    readonly problems: readonly { code: string; field: string; value: string; rule: string; message: string }[];
  };
}

/** Asks for a picture and returns the answer, error or not. */
export function generate(client: GraphqlClient, input: unknown): Promise<Generated> {
  const query = `mutation Generate($input: GenerateInput!) {
    generate(input: $input) {
      __typename
      ... on Generation { id status }
      ... on Error { message }
      ... on InvalidInputError { problems { code field value rule message } }
    }
  }`;
  return client.request<Generated>(query, { input });
}

/** A finished generation, as far as tests look at it. */
export interface Finished {
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly image: { readonly url: string; readonly width: number; readonly height: number } | null;
}

/** Follows a generation until it is completed. */
export async function finish(client: GraphqlClient, id: string): Promise<Finished> {
  const query = `subscription Finish($id: ID!) {
    generationEvents(id: $id, preview: { every: 0 }) {
      __typename
      ... on GenerationSnapshotEvent { generation { ...State } }
      ... on GenerationCompletedEvent { generation { ...State } }
    }
  }
  fragment State on Generation { status error { code message } image { url width height } }`;
  let last: Finished | undefined;
  const events = client.subscribe<{ generationEvents: { generation?: Finished } }>(query, { id });
  for await (const { generationEvents: { generation } } of events) last = generation ?? last;
  if (last === undefined) throw new Error("The stream ended without the generation");
  return last;
}

/** Generates a picture and fetches it. */
export async function picture(client: GraphqlClient, input: unknown): Promise<Uint8Array> {
  const { generate: { id, message } } = await generate(client, input);
  if (id === undefined) throw new Error(message);
  const { image, error } = await finish(client, id);
  if (image === null) throw new Error(error?.message ?? "no picture");
  return await client.picture(image.url);
}

/** Paints a PNG file and returns what it shows: files of equal pictures differ where their requests do. */
export async function pixelsOf(client: GraphqlClient, input: unknown): Promise<Uint8Array> {
  return decodePng(await picture(client, input)).pixels.data;
}
