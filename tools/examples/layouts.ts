/** The example layouts, and the masks that they use. */

import type { LayoutSpec } from "../../layout/layout.ts";

const FOLDER = new URL("../../examples/layouts/", import.meta.url);
const MASKS = new URL("../../examples/masks/", import.meta.url);

/** An example: its file's name without ending, and what it holds. */
export interface ExampleLayout {
  readonly name: string;
  readonly layout: LayoutSpec;
}

/**
 * Every example in the order of its file's name.
 * @param masks What stands for each mask's file name: the id of the uploaded asset.
 */
export function exampleLayouts(masks: ReadonlyMap<string, string>): readonly ExampleLayout[] {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
  return files.map((file) => {
    const text = Deno.readTextFileSync(new URL(file, FOLDER));
    const layout: LayoutSpec = JSON.parse(text, (key, value: unknown) => {
      return key === "asset" && typeof value === "string" ? masks.get(value) ?? value : value;
    });
    return { name: file.replace(/\.json$/, ""), layout };
  });
}

/** Uploads every example mask to a server, by the GraphQL multipart request specification: asset ids by file name. */
export async function uploadMasks(server: string): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const { name } of Deno.readDirSync(MASKS)) {
    ids.set(name, await uploadMask(server, name, Deno.readFileSync(new URL(name, MASKS))));
  }
  return ids;
}

/**
 * Uploads a PNG file and returns its asset id.
 * @throws {Error} with the server's message if it is refused.
 */
export async function uploadMask(server: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const query = `mutation Upload($file: File!) {
    uploadMask(file: $file) { ... on MaskAsset { id } ... on Error { message } }
  }`;
  const form = new FormData();
  form.set("operations", JSON.stringify({ query, variables: { file: null } }));
  form.set("map", JSON.stringify({ file: ["variables.file"] }));
  form.set("file", new File([bytes], name, { type: "image/png" }));
  const headers = { "graphql-preflight": "1" };
  const response = await fetch(`${server}/graphql`, { method: "POST", headers, body: form });
  interface Answer {
    readonly data?: { readonly uploadMask: { readonly id?: string; readonly message?: string } };
    readonly errors?: readonly { readonly message: string }[];
  }
  const { data, errors }: Answer = await response.json();
  const id = data?.uploadMask.id;
  if (id === undefined) throw new Error(`Cannot upload ${name}: ${data?.uploadMask.message ?? errors?.[0]?.message}`);
  return id;
}
