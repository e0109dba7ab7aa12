/** Requests that need what is away, and what they are answered. */

import type { GraphqlClient } from "../../../cli/graphql_client.ts";

/** What a request was answered. */
export interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly retryAfterSeconds?: number | null;
}

const REFUSED = "... on StorageError { code retryAfterSeconds }";

/** By what they ask for: `generate` needs the database, `uploadMask` the object store. */
export const REQUESTS = {
  generate: async (client: GraphqlClient): Promise<Answer> => {
    const input = { model: "tiny-sd15", width: 64, height: 64, steps: 1, layout: { regions: [], basePrompt: "a" } };
    const query = `mutation ($input: GenerateInput!) { generate(input: $input) { __typename ${REFUSED} } }`;
    return (await client.request<{ generate: Answer }>(query, { input })).generate;
  },
  uploadMask: async (client: GraphqlClient): Promise<Answer> => {
    const query = `mutation ($file: File!) { uploadMask(file: $file) { __typename ${REFUSED} } }`;
    const files = { "variables.file": new File([Uint8Array.fromBase64(MASK)], "mask.png") };
    return (await client.request<{ uploadMask: Answer }>(query, { file: null }, { files })).uploadMask;
  },
} as const;

/** A PNG file of one grey pixel. */
const MASK = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
