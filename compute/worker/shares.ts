/** The pictures of other workers of whose calls parts are made here. */

import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { Pipeline } from "../pipeline/generate.ts";
import type { PictureRequest } from "../pipeline/request.ts";
import { type CallShare, ShareError } from "../pipeline/shared_calls.ts";
import type { SharedPicture } from "../pipeline/shared_picture.ts";
import type { Pipelines } from "./pipelines.ts";
import type { MayFallBack, ShareOutcome } from "./protocol.ts";

/** What is to be shared. */
export interface ShareOptions {
  readonly request: PictureRequest;
  /** Of the layout's painted masks. */
  readonly images: MaskImages;
  /** One int32: not 0 once it is closed. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

interface OpenShare extends ShareOptions {
  readonly pipeline: Pipeline;
  readonly picture: SharedPicture;
}

/** Shares by number. */
export class Shares {
  readonly #open = new Map<number, OpenShare>();
  #latest = 0;

  /** Prepares a share. */
  async open(pipelines: Pipelines, options: ShareOptions): Promise<ShareOutcome<number>> {
    const { request, images } = options;
    let first: Pipeline | undefined;
    return await outcomeOf(pipelines, request.model, async (pipeline) => {
      if (first !== undefined) throw lost(); // with another device, or other files, than were named to the painter
      first = pipeline;
      const picture = pipeline.share(request, images);
      await picture.prepare(0);
      this.#open.set(++this.#latest, { ...options, pipeline, picture });
      return this.#latest;
    });
  }

  /** Makes parts of a call, with what the share was prepared with or not at all. */
  async predict(pipelines: Pipelines, share: number, call: CallShare): Promise<ShareOutcome<readonly Float32Array[]>> {
    const open = this.#open.get(share);
    if (open === undefined) return { type: "FAILED", code: "CLOSED", message: "Cannot predict: the share was closed" };
    const { request, stop, picture } = open;
    return await outcomeOf(pipelines, request.model, async (pipeline) => {
      if (pipeline !== open.pipeline) throw lost();
      return await picture.predict(call, () => Atomics.load(stop, 0) !== 0);
    });
  }

  /** Forgets a share. */
  close(share: number): void {
    this.#open.delete(share);
  }
}

function lost(): ShareError {
  return new ShareError("LOST", "Cannot predict any more: the device or the model's files are not those of before");
}

/** Work with a model's pipeline whose every end is a value. */
async function outcomeOf<T>(
  pipelines: Pipelines,
  model: string,
  work: (pipeline: Pipeline) => Promise<T>,
): Promise<ShareOutcome<T>> {
  try {
    const { value } = await pipelines.use<MayFallBack & { readonly value: T }>(
      model,
      async (pipeline) => ({ value: await work(pipeline) }),
    );
    return { type: "DONE", value };
  } catch (error) {
    const code = error instanceof ShareError ? error.code : "FAILED";
    return { type: "FAILED", code, message: error instanceof Error ? error.message : String(error) };
  }
}
