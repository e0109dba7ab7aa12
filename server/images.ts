/** Serving pictures by URL. */

import { getLogger } from "@logtape/logtape";
import { AuthenticationError } from "../access/authenticator.ts";
import { type Caller, hasScope, seesOnly } from "../access/caller.ts";
import { previewEdge } from "../image/preview_encoding.ts";
import type { PreviewFiles } from "../image/preview_files.ts";
import type { EventLog } from "../jobs/events.ts";
import type { GenerationStore } from "../jobs/generation_store.ts";
import type { AssetStore } from "../assets/asset_store.ts";
import { StorageError } from "../assets/storage_error.ts";
import type { UploadStore } from "../assets/uploads.ts";
import { BusyError } from "../workers/fair_queue.ts";
import { refuseWriting } from "./only_reads.ts";
import { sharedBody } from "./shared_body.ts";
import { unidentified } from "./unidentified.ts";
import { type ImageAddress, readImageUrl } from "./urls.ts";

const log = getLogger(["parterre", "http"]);

/** What pictures are served from. */
export interface ImageServices {
  readonly assets: Pick<AssetStore, "get">;
  readonly events: EventLog;
  readonly previews: PreviewFiles;
  readonly generations: Pick<GenerationStore, "get">;
  readonly uploads: Pick<UploadStore, "isOf">;
}

/**
 * The answer to a request for a picture; undefined if the path is no picture's.
 * @param identify Tells who asks; throws {@link AuthenticationError} if nobody knows.
 */
export async function serveImage(
  request: Request,
  services: ImageServices,
  identify: () => Promise<Caller>,
): Promise<Response | undefined> {
  try {
    return await findImage(request, services, identify);
  } catch (error) {
    if (error instanceof AuthenticationError) return unidentified(error);
    if (!(error instanceof StorageError || error instanceof BusyError)) throw error;
    if (error instanceof StorageError) log.error("Cannot serve a picture: {error}", { error });
    const retry = error.retryAfterMs === null ? {} : { "retry-after": String(Math.ceil(error.retryAfterMs / 1000)) };
    return new Response(error.message, { status: 503, headers: retry });
  }
}

async function findImage(
  request: Request,
  services: ImageServices,
  identify: () => Promise<Caller>,
): Promise<Response | undefined> {
  const address = readImageUrl(new URL(request.url).pathname);
  if (address === undefined) return undefined;
  const refused = refuseWriting(request);
  if (refused !== undefined) return refused;
  const caller = await identify();
  if (!hasScope(caller, "read") || !await maySee(caller, address, services)) return notFound();
  const cache = caller.owner === null ? "public" : "private";
  if (address.type === "IMAGE") {
    const asset = await services.assets.get(address.assetKey);
    return asset === null ? notFound() : picture(asset.bytes, asset.contentType, cache);
  }
  const { generationId, sequence, maxEdge, format } = address.preview;
  const [event] = await services.events.read(generationId, sequence - 1, 1);
  if (event?.type !== "PREVIEW" || event.sequence !== sequence) return notFound();
  const turn = { lane: caller.lane, signal: request.signal };
  const edge = previewEdge(event, maxEdge);
  const { bytes, mimeType } = await services.previews.get({ generationId, ...event }, format, edge, turn);
  return picture(bytes, mimeType, cache);
}

async function maySee(
  caller: Caller,
  address: ImageAddress,
  { generations, uploads }: Pick<ImageServices, "generations" | "uploads">,
): Promise<boolean> {
  const owner = seesOnly(caller);
  if (owner === undefined) return true;
  if (address.type === "IMAGE") return await uploads.isOf(address.assetKey, owner);
  return (await generations.get(address.preview.generationId))?.owner === owner;
}

/** Neither a picture's key nor a preview's number ever stands for other pixels, so both may be kept for ever. */
function picture(bytes: Uint8Array, contentType: string, cache: "public" | "private"): Response {
  return sharedBody(bytes, {
    "content-type": contentType,
    "cache-control": `${cache}, max-age=31536000, immutable`,
  });
}

function notFound(): Response {
  return new Response("Not found", { status: 404 });
}
