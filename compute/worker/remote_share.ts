/** A share as the server's thread holds it. */

import type { Remote } from "comlink";
import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { LiveWorker } from "../../workers/live_worker.ts";
import type { PictureRequest } from "../pipeline/request.ts";
import { type Share, ShareError } from "../pipeline/shared_calls.ts";
import type { ComputeApi, ShareOutcome } from "./protocol.ts";

/**
 * Opens a share in a compute Worker.
 * @param refresh Called when what computes, or which models are in memory, may have changed.
 * @throws {ShareError}
 */
export async function openShareOf(
  live: LiveWorker<ComputeApi>,
  refresh: () => Promise<void>,
  request: PictureRequest,
  images: MaskImages,
): Promise<Share> {
  // Shared memory, because a message would wait until the Worker's thread is free.
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const ask = async <T>(call: (api: Remote<ComputeApi>) => Promise<ShareOutcome<T>>): Promise<T> => {
    if (live.dead) throw new ShareError("LOST", "Cannot predict any more: the compute worker has ended");
    const outcome = await live.call(call).catch((error: Error) => {
      throw new ShareError("LOST", `The compute worker died: ${error.message}`);
    });
    if (outcome.type === "DONE") return outcome.value;
    await refresh().catch(() => {}); // why it failed is what the caller is to hear
    throw new ShareError(outcome.code, outcome.message);
  };
  const share = await ask<number>((api) => api.openShare(request, images, stop));
  await refresh();
  return {
    predict: (call) => ask((api) => api.predictShare(share, call)),
    close: () => {
      if (Atomics.exchange(stop, 0, 1) !== 0 || live.dead) return;
      live.call((api) => api.closeShare(share)).catch(() => {}); // it has ended with the Worker
    },
  };
}
