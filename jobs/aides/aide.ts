/** The aide's side of a session: an idle worker that computes parts of another's picture, for as long as nothing waits for itself. */

import { getLogger } from "@logtape/logtape";
import type { Compute } from "../../compute/worker/compute.ts";
import { allStepsTaken } from "../../compute/pipeline/second_request.ts";
import { ShareError } from "../../compute/pipeline/shared_calls.ts";
import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { MaskLibrary } from "../../requests/mask_library.ts";
import { imagesOf } from "../../requests/request_images.ts";
import { foreignness, stampOf } from "../checkpoint_stamp.ts";
import { encodePicture, type PaintServices } from "../paint_pictures.ts";
import type { GenerationStore } from "../generation_store.ts";
import { singleRequests, stepsInAll } from "../pictures.ts";
import type { PaintedPreviews, PreviewWatchers } from "../preview_watchers.ts";
import type { GenerationRequest } from "../request.ts";
import { pause } from "../until_stored.ts";
import { AideSession } from "./aide_session.ts";
import type { Exchange, Offer, ToAide } from "./exchange.ts";

const log = getLogger(["parterre", "jobs", "aides"]);

/** Milliseconds between two looks for tickets. */
const LOOK_MS = 250;

/** What an aide works with. */
export interface AideServices extends PaintServices {
  readonly exchange: Exchange;
  readonly generations: Pick<GenerationStore, "get">;
  readonly masks: Pick<MaskLibrary, "imagesOf" | "find">;
  readonly compute: Compute;
  readonly watchers: PreviewWatchers;
}

/** What ends it. */
export interface AideOptions {
  /** The worker shuts down. */
  readonly signal: AbortSignal;
  /**
   * Takes a ticket of the worker's own if there is one: its model, or null. Asked again and again, also while something is
   * computed; never rejects.
   */
  readonly takeTicket: () => Promise<string | null>;
}

/** Helps one painter after the other. */
export class Aide {
  /** @param watch Is told which generation is being helped with, and when it is none any more. */
  constructor(
    private readonly services: AideServices,
    private readonly watch: { aids(generationId: string | null): void },
  ) {}

  /**
   * Takes up an offer, and helps until the session is over or something else is to be done. Never rejects: whatever is
   * wrong, the painter does without.
   * @returns The model of the ticket that was taken; null for none.
   */
  async help(offer: Offer, options: AideOptions): Promise<string | null> {
    const { exchange } = this.services;
    try {
      await using session = await AideSession.open(exchange, offer);
      if (!await session.say({ type: "COMING" })) return null;
      const request = await this.#requestOf(offer);
      if (request === null) return null;
      const images = await imagesOf(request, this.services.masks);
      this.watch.aids(offer.generationId);
      return offer.work === "PREDICTIONS"
        ? await this.#predict(session, request, images, { ...options, offer })
        : await this.#paint(session, request, images, { ...options, offer });
    } catch (error) {
      if (error instanceof ShareError && error.code === "CLOSED") return null; // in the middle of a prediction
      log.info("No help for {painter} with {id}: {error}", { painter: offer.painter, id: offer.generationId, error });
      return null;
    } finally {
      this.watch.aids(null);
    }
  }

  /** The request, if its painter still has it and this worker would paint it to the same bytes. */
  async #requestOf(offer: Offer): Promise<GenerationRequest | null> {
    const generation = await this.services.generations.get(offer.generationId);
    if (generation === null || generation.status !== "RUNNING") return null;
    return await this.#computesAlike(offer, generation.request) ? generation.request : null;
  }

  async #computesAlike({ generationId: id, stamp, painter }: Offer, request: GenerationRequest): Promise<boolean> {
    const foreign = foreignness(stamp, await stampOf(request, this.services.models, this.services.compute));
    if (foreign === null) return true;
    log.info("Cannot help {painter} with {id}: its picture, {foreign}", { painter, id, foreign });
    return false;
  }

  async #predict(
    session: AideSession,
    request: GenerationRequest,
    images: MaskImages,
    { signal, takeTicket, offer }: AideOptions & { readonly offer: Offer },
  ): Promise<string | null> {
    const share = await this.services.compute.openShare(request, images);
    const close = () => share.close();
    session.onEnd(close);
    signal.addEventListener("abort", close);
    try {
      // The share keeps to the files that it was opened with, which others may have put there since they were compared.
      if (!await this.#computesAlike(offer, request)) return null;
      await session.say({ type: "READY" });
      for (; !session.over && !signal.aborted;) {
        const message = await session.next(LOOK_MS, signal);
        if (message?.type === "PREDICT") {
          const { id: call, parts } = message.call;
          const predicting = share.predict(message.call);
          const early = await ticketDuring(predicting, takeTicket, close);
          const predictions = early === null ? await predicting : await predicting.catch(() => null);
          if (predictions !== null) await session.say({ type: "PREDICTED", call, parts, predictions });
          if (early !== null) return early;
        }
        const ticket = await takeTicket();
        if (ticket !== null) return ticket;
      }
      return null;
    } finally {
      signal.removeEventListener("abort", close);
      close();
    }
  }

  async #paint(
    session: AideSession,
    request: GenerationRequest,
    images: MaskImages,
    { offer, ...options }: AideOptions & { readonly offer: Offer },
  ): Promise<string | null> {
    const { signal, takeTicket } = options;
    const steps = { steps: stepsInAll(request), previews: request.previews };
    using previews = this.services.watchers.paint(offer.generationId, steps);
    await session.say({ type: "READY" });
    for (; !session.over && !signal.aborted;) {
      const message = await session.next(LOOK_MS, signal);
      const ticket = message?.type === "PAINT"
        ? await this.#paintOne(session, request, { ...message, ...options, offer, images, previews })
        : await takeTicket();
      if (ticket !== null) return ticket;
    }
    return null;
  }

  async #paintOne(
    session: AideSession,
    request: GenerationRequest,
    { picture, from, offer, images, previews, signal, takeTicket }:
      & Extract<ToAide, { type: "PAINT" }>
      & AideOptions
      & { readonly offer: Offer; readonly images: MaskImages; readonly previews: PaintedPreviews },
  ): Promise<string | null> {
    const single = singleRequests(request)[picture];
    if (single === undefined) throw new RangeError(`There is no picture ${picture} of ${request.count}`);
    const [ended, leaving] = [new AbortController(), new AbortController()];
    session.onEnd(() => ended.abort());
    const painting = this.services.compute.generate(single, {
      images,
      signal: ended.signal,
      drain: AbortSignal.any([signal, leaving.signal]),
      watched: previews.wanted.subarray(picture * allStepsTaken(single)),
      continuation: { from, everyMs: null },
      onStep: ({ checkpoint: _, regionMasks: _masks, ...step }) => {
        void session.say({ type: "STEP", picture, step });
      },
    });
    const ticket = await ticketDuring(painting, takeTicket, () => leaving.abort());
    const outcome = await painting;
    // Its device may have been lost meanwhile, or its files have changed: then it was painted anew, with others.
    const alike = await this.#computesAlike(offer, request);
    if (outcome.type === "IMAGE" && alike) {
      const painted = await encodePicture(outcome, single, this.services);
      await session.say({ type: "PAINTED", picture, painted });
    } else {
      const checkpoint = outcome.type === "CANCELED" && alike ? outcome.checkpoint ?? null : null;
      await session.say({ type: "LEFT", picture, checkpoint });
      session.end();
    }
    return ticket ?? await takeTicket();
  }
}

/**
 * Looks for tickets while something is computed. The first one ends that with the prediction or the step that runs.
 * @returns The ticket's model, once the work has ended; null for none.
 */
async function ticketDuring(
  work: Promise<unknown>,
  takeTicket: AideOptions["takeTicket"],
  leave: () => void,
): Promise<string | null> {
  const over = new AbortController();
  const ended = work.then(() => over.abort(), () => over.abort());
  let ticket: string | null = null;
  for (; ticket === null;) {
    await pause(LOOK_MS, over.signal);
    if (over.signal.aborted) return null;
    ticket = await takeTicket();
  }
  leave();
  await ended;
  return ticket;
}
