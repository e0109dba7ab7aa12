/** Images that are sent to the server, so that inputs can name them. */

import { CommandFailure, type ErrorAnswer, INPUT_ERROR_FIELDS, invalid, refused, usage } from "./failure.ts";
import type { GraphqlClient } from "./graphql_client.ts";
import { readTextOrBytes } from "./source_file.ts";

const UPLOAD = `mutation Upload($file: File!) {
  uploadImage(file: $file) { ... on ImageAsset { id width height } ${INPUT_ERROR_FIELDS} }
}`;

/** An image that the server has. */
export interface StoredImage {
  /** The SHA-256 of its file. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Sends an image.
 * @throws {CommandFailure} if the server refuses it.
 */
export async function uploadImage(client: GraphqlClient, file: File, signal?: AbortSignal): Promise<StoredImage> {
  const { uploadImage: { id, width, height, ...answer } } = await client.request<
    { uploadImage: ErrorAnswer & Partial<StoredImage> }
  >(UPLOAD, { file: null }, { files: { "variables.file": file }, ...signal && { signal } });
  if (id === undefined || width === undefined || height === undefined) throw refused(answer);
  return { id, width, height };
}

/** Options that name images. */
export interface ImageValues {
  readonly init?: string | undefined;
  readonly mask?: string | undefined;
}

/** Images to upload, by the fields of `GenerateInput` that name them, with the options that they are from. */
export type InputImages = ReadonlyMap<"initImage" | "maskImage", { readonly option: string; readonly file: File }>;

/**
 * Reads the images that options name.
 * @throws {CommandFailure} USAGE if one cannot be read, or both are standard input.
 */
export async function readImages({ init, mask }: ImageValues): Promise<InputImages> {
  if (init === "-" && mask === "-") throw usage("Standard input cannot be both --init and --mask");
  const images = new Map<"initImage" | "maskImage", { option: string; file: File }>();
  for (const [field, option, path] of [["initImage", "--init", init], ["maskImage", "--mask", mask]] as const) {
    if (path === undefined) continue;
    images.set(field, { option: `${option} ${path}`, file: new File([await readTextOrBytes(path)], "image") });
  }
  return images;
}

/**
 * Uploads images: the fields of an input that name them.
 * @throws {CommandFailure} if the server refuses one, with the option in the place of the upload's field.
 */
export async function uploadAll(
  images: InputImages,
  client: GraphqlClient,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const fields: Record<string, string> = {};
  for (const [field, { option, file }] of images) {
    try {
      fields[field] = (await uploadImage(client, file, signal)).id;
    } catch (error) {
      if (!(error instanceof CommandFailure) || error.problems.length === 0) throw error;
      const problems = error.problems.map((problem) => ({
        ...problem,
        field: `input.${field}`,
        message: `${option}: ${problem.rule}, got ${problem.value}`,
      }));
      throw invalid(problems.map(({ message }) => message).join("; "), problems);
    }
  }
  return fields;
}
