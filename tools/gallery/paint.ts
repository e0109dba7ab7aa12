/** Paints inputs as any client of the GraphQL API does. */

import type { GraphqlClient } from "../../cli/graphql_client.ts";
import { fromDataUrl } from "../../image/data_url.ts";
import type { Pixels } from "../../image/pixels.ts";
import { decodePng } from "../../image/png.ts";
import type { LayoutSpec } from "../../layout/layout.ts";

/** The fields of a `GenerateInput` that are looked at here; the server reads them all. */
export interface GalleryInput {
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly layout: LayoutSpec;
}

const DRAW = `query Draw($input: ValidateLayoutInput!) {
  validateLayout(input: $input) {
    ... on LayoutReport { picture { dataUrl } }
    ... on Error { message }
  }
}`;

const UPLOAD = `mutation Upload($file: File!) {
  uploadImage(file: $file) { ... on ImageAsset { id } ... on Error { message } }
}`;

const GENERATE = `mutation Generate($input: GenerateInput!) {
  generate(input: $input) { ... on Generation { id } ... on Error { message } }
}`;

const REROLL = `mutation Reroll($input: RerollInput!) {
  reroll(input: $input) { ... on Reroll { generation { id } } ... on Error { message } }
}`;

const WATCH = `subscription Watch($id: ID!) {
  generationEvents(id: $id, after: 0, preview: { every: 0 }) {
    ... on GenerationCompletedEvent { generation { error { message } image { url } } }
  }
}`;

/** The layout of an input, drawn. @throws {Error} with the server's message if it is refused. */
export async function drawLayout(
  client: GraphqlClient,
  { model, width, height, layout }: GalleryInput,
): Promise<Pixels> {
  interface Report {
    readonly validateLayout: { readonly message?: string; readonly picture?: { readonly dataUrl: string } };
  }
  const variables = { input: { model, width, height, layout } };
  const { validateLayout: { message, picture } } = await client.request<Report>(DRAW, variables);
  if (picture === undefined) throw new Error(message);
  return decodePng(fromDataUrl(picture.dataUrl)).pixels;
}

/** Stores an image or a mask and answers its id. @throws {Error} with the server's message if it is refused. */
export async function upload(client: GraphqlClient, file: File): Promise<string> {
  interface Stored {
    readonly uploadImage: { readonly id?: string; readonly message?: string };
  }
  const { uploadImage: { id, message } } = await client.request<Stored>(UPLOAD, { file: null }, {
    files: { "variables.file": file },
  });
  if (id === undefined) throw new Error(message);
  return id;
}

/** A finished generation. */
export interface Painting {
  readonly id: string;
  readonly picture: Pixels;
}

/** Paints an input. @throws {Error} with the server's message if it is refused, or fails. */
export async function paint(client: GraphqlClient, input: GalleryInput): Promise<Painting> {
  interface Accepted {
    readonly generate: { readonly id?: string; readonly message?: string };
  }
  const { generate: { id, message } } = await client.request<Accepted>(GENERATE, { input });
  if (id === undefined) throw new Error(message);
  return await finished(client, id);
}

/** Paints a region of a painting anew. @throws {Error} with the server's message if it is refused, or fails. */
export async function reroll(
  client: GraphqlClient,
  generation: string,
  { region, seed }: { readonly region: string; readonly seed: number },
): Promise<Painting> {
  interface Accepted {
    readonly reroll: { readonly generation?: { readonly id: string }; readonly message?: string };
  }
  const input = { generation, regions: [region], seeds: [seed] };
  const { reroll: { generation: accepted, message } } = await client.request<Accepted>(REROLL, { input });
  if (accepted === undefined) throw new Error(message);
  return await finished(client, accepted.id);
}

async function finished(client: GraphqlClient, id: string): Promise<Painting> {
  interface Watch {
    readonly generationEvents: { generation?: { error: { message: string } | null; image: { url: string } | null } };
  }
  for await (const { generationEvents: { generation } } of client.subscribe<Watch>(WATCH, { id })) {
    if (generation === undefined) continue;
    if (generation.image === null) throw new Error(generation.error?.message ?? "no reason given");
    return { id, picture: decodePng(await client.picture(generation.image.url)).pixels };
  }
  throw new Error("the stream ended before the picture was finished");
}
