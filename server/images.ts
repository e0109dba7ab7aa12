/** Serving pictures by URL. */

import { previewEdge, previewEncoding } from "../image/preview_encoding.ts";
import type { ImageEncoder } from "../image/encoder.ts";
import type { EventLog } from "../jobs/events.ts";
import type { AssetStore } from "../store/assets.ts";
import { readImageUrl } from "./urls.ts";

/** What pictures are served from. */
export interface ImageServices {
  readonly assets: AssetStore;
  readonly events: EventLog;
  readonly encoder: ImageEncoder;
}

/** The answer to a request for a picture; undefined if the path is no picture's. */
export async function serveImage(request: Request, services: ImageServices): Promise<Response | undefined> {
  const address = readImageUrl(new URL(request.url).pathname);
  if (address === undefined) return undefined;
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response("Method not allowed", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  if (address.type === "IMAGE") {
    const asset = await services.assets.get(address.assetKey);
    return asset === null ? notFound() : picture(asset.bytes, asset.contentType);
  }
  const { generationId, sequence, maxEdge, format } = address.preview;
  const [event] = await services.events.read(generationId, sequence - 1, 1);
  if (event?.type !== "PREVIEW" || event.sequence !== sequence) return notFound();
  const pixels = { width: event.width, height: event.height, channels: 3, data: event.pixels } as const;
  const { bytes, mimeType } = await services.encoder.encode(
    pixels,
    previewEncoding(format, previewEdge(pixels, maxEdge)),
  );
  return picture(bytes, mimeType);
}

/** Neither a picture's key nor a preview's number ever stands for other pixels, so both may be kept for ever. */
function picture(bytes: Uint8Array, contentType: string): Response {
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": contentType,
      "cache-control": "public, max-age=31536000, immutable",
      "access-control-allow-origin": "*",
      "x-content-type-options": "nosniff",
    },
  });
}

function notFound(): Response {
  return new Response("Not found", { status: 404 });
}
