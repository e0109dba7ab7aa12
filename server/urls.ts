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
    subscription: (query, variables) =>
      sign(`/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`),
  };
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
