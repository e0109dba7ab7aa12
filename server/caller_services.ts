/** The house as one caller sees it. */

import { type Caller, seesOnly } from "../access/caller.ts";
import type { KeyStore } from "../access/keys.ts";
import type { UrlSigner } from "../access/signed_urls.ts";
import { CallerMasks } from "../requests/caller_masks.ts";
import { CallerGenerations } from "../jobs/caller_generations.ts";
import { CallerQueue } from "../jobs/caller_queue.ts";
import type { MaskLibrary } from "../requests/mask_library.ts";
import type { GenerationStore } from "../jobs/generation_store.ts";
import type { JobQueue } from "../jobs/queue.ts";
import type { Retention } from "../jobs/retention.ts";
import type { Services } from "../schema/services.ts";
import type { KeptFiles } from "../assets/kept_files.ts";
import type { UploadStore } from "../assets/uploads.ts";
import type { Readiness } from "./readiness.ts";
import { serverUrls } from "./urls.ts";

/** What is there for everybody together; {@link servicesFor} makes of it what one caller may reach. */
export interface House extends Omit<Services, "queue" | "generations" | "masks" | "urls" | "deleteGeneration"> {
  readonly queue: JobQueue;
  readonly generations: GenerationStore;
  readonly masks: MaskLibrary;
  readonly keys: KeyStore;
  readonly uploads: UploadStore;
  readonly files: KeptFiles;
  readonly retention: Retention;
  readonly readiness: Readiness;
  /** Signs URLs where keys are asked for; null elsewhere. */
  readonly signer: UrlSigner | null;
}

/** The services for one caller: what belongs to others is not there, and what it makes belongs to it. */
export function servicesFor(house: House, caller: Caller): Services {
  const { queue, generations, masks, keys: _, uploads, files, retention, signer, readiness: _readiness, ...shared } =
    house;
  const { owner } = caller;
  const own = new CallerGenerations(generations, caller);
  return {
    ...shared,
    queue: new CallerQueue(queue, own, files, caller),
    generations: own,
    layouts: house.layouts.for({ owner, only: seesOnly(caller) }),
    masks: new CallerMasks(masks, uploads, files, caller),
    urls: serverUrls((path) => signer === null || owner === null ? path : signer.sign(path, owner)),
    deleteGeneration: async (id) => await own.get(id) === null ? "NOT_FOUND" : await retention.deleteGeneration(id),
  };
}
