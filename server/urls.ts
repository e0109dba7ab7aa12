/** Where pictures live on this server: writing their paths, and reading them. */

import { extension, type ImageFormat } from "../image/format.ts";
import type { PreviewAddress, ServerUrls } from "../schema/services.ts";

const FORMATS: readonly ImageFormat[] = ["PNG", "JPEG", "WEBP"];

/** A request for a picture. */
export type ImageAddress =
  | { readonly type: "IMAGE"; readonly assetKey: string }
  | { readonly type: "PREVIEW"; readonly preview: PreviewAddress };

/**
 * `/images/<key>.<ext>`, `/previews/<generation>/<sequence>/<edge>.<ext>` and `/graphql?query=...`.
 * @param sign Makes a path that carries its caller's permission.
 */
export function serverUrls(sign: (path: string) => string): ServerUrls {
  return {
    image: ({ assetKey, format }) => sign(`/images/${assetKey}.${extension(format)}`),
    preview: ({ generationId, sequence, maxEdge, format }) =>
      sign(`/previews/${generationId}/${sequence}/${maxEdge}.${extension(format)}`),
    modelFile: (file) => sign(modelFileUrl(file)),
    subscription: (query, variables) =>
      sign(`/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`),
  };
}

/** A file of a model's, as a path names it. */
export interface ModelFileAddress {
  readonly model: string;
  readonly path: string;
  readonly sha256: string;
}

/** Where a model's file is offered. Its hash is part of the address, so that caches may keep what they have. */
export function modelFileUrl({ model, path, sha256 }: ModelFileAddress): string {
  return `/models/${encodeURIComponent(model)}/${sha256}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The model's file that a path asks for; undefined if it asks for none. */
export function readModelFileUrl(pathname: string): ModelFileAddress | undefined {
  const [, model, sha256, path] = /^\/models\/([^/]+)\/([0-9a-f]{64})\/(.+)$/.exec(pathname) ?? [];
  if (model === undefined || sha256 === undefined || path === undefined) return undefined;
  try {
    return { model: decodeURIComponent(model), sha256, path: decodeURIComponent(path) };
  } catch {
    return undefined; // a lone % sign
  }
}

/** What a path asks for; undefined if it is no picture's. */
export function readImageUrl(path: string): ImageAddress | undefined {
  const image = path.match(/^\/images\/([0-9a-f]{64})\.\w+$/);
  if (image?.[1] !== undefined) return { type: "IMAGE", assetKey: image[1] };
  const preview = path.match(/^\/previews\/([0-9a-f-]{36})\/(\d{1,9})\/(\d{2,4})\.(\w+)$/);
  const format = FORMATS.find((f) => extension(f) === preview?.[4]);
  if (preview === null || format === undefined) return undefined;
  const [, generationId = "", sequence, edge] = preview;
  const maxEdge = Number(edge);
  if (maxEdge < 16 || maxEdge > 1024) return undefined;
  return { type: "PREVIEW", preview: { generationId, sequence: Number(sequence), maxEdge, format } };
}
