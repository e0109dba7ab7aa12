/** Whether a picture is painted by several workers, and what is offered then. */

import { predictedSize } from "../../compute/pipeline/picture_windows.ts";
import { allStepsTaken, finishedSize, secondPassOf } from "../../compute/pipeline/second_request.ts";
import type { ModelCatalog } from "../../compute/model/catalog.ts";
import type { Compute } from "../../compute/worker/compute.ts";
import { computedBy } from "../../compute/worker/picture_checkpoint.ts";
import type { RuntimeInfo } from "../../compute/runtime/runtime.ts";
import config from "../../deno.json" with { type: "json" };
import type { Estimator } from "../../requests/estimator.ts";
import { foreignness, processorOf, stampOf } from "../checkpoint_stamp.ts";
import { fingerprint } from "../idempotency.ts";
import type { MadeModels } from "../made.ts";
import type { GenerationRequest } from "../request.ts";
import type { Claim } from "../work_queue.ts";
import type { SharedWork } from "./exchange.ts";
import { type Parallel, parallelOf } from "./parallel.ts";
import { PainterSession, type SessionListener, type SessionServices } from "./session.ts";

/**
 * What others must at least be able to take off a worker's hands, in milliseconds: of a call, and of a generation. To send
 * a sample and to have its prediction back takes a millisecond on one machine that has nothing else to do
 * (`deno task cluster:figures`), and several over a network or where processors are shared; who comes to help reads the
 * request and encodes its prompts first.
 */
const LEAST_PREDICTION_MS = 20;
const LEAST_PICTURE_MS = 500;

/**
 * Pixels of the largest pictures that are shared: Redis cuts off who has 32 MiB waiting for it on a channel, which a picture's
 * file may have from 8 million pixels on, and a sample from 60 million on.
 */
const MOST_PIXELS: Readonly<Record<SharedWork, number>> = { PICTURES: 2 ** 22, PREDICTIONS: 2 ** 24 };

/** What it takes to share. */
export interface Together extends SessionServices {
  readonly models: MadeModels & Pick<ModelCatalog, "find">;
  readonly compute: Pick<Compute, "runtime">;
  readonly estimator: Pick<Estimator, "msPerPixel">;
}

/** Names those who compute alike, but for their models' files, which the stamp tells. */
export function kindOf(runtime: RuntimeInfo): string {
  return fingerprint({ version: config.version, ...computedBy(runtime), processor: processorOf(runtime) }).slice(0, 16);
}

/** What a request is cut into for the models that there are here. */
export function cutOf(request: GenerationRequest, models: Pick<ModelCatalog, "find">): Parallel {
  const entry = models.find(request.model);
  const guidanceEmbedded = entry !== undefined && "config" in entry && entry.capabilities.guidanceEmbedded;
  return parallelOf(request, { guidanceEmbedded });
}

/** Milliseconds that a prediction of a pass takes here; null until one was measured. */
export function predictionMs(
  request: GenerationRequest,
  pass: 0 | 1,
  { estimator }: Pick<Together, "estimator">,
): number | null {
  const { width, height } = predictedSize(pass === 0 ? request : secondPassOf(request) ?? request);
  const each = estimator.msPerPixel(request.model);
  return each === undefined ? null : width * height * each;
}

/** Milliseconds that a step of a picture takes a worker alone here; null until a prediction was measured. */
export function stepMs(
  request: GenerationRequest,
  cut: Parallel,
  services: Pick<Together, "estimator">,
): number | null {
  const ms = predictionMs(request, 0, services);
  return ms === null ? null : ms * cut.windows * cut.regions * cut.guidanceHalves;
}

/**
 * Offers work of a claim to others for as long as it is painted.
 * @param left How many pictures are still to be painted.
 * @returns Null where there is nothing to share.
 */
export function openSession(
  { generation: { id, request }, token }: Claim,
  cut: Parallel,
  left: number,
  services: Together,
  listener: SessionListener,
): PainterSession | null {
  const parts = cut.work === "PICTURES" ? Math.min(left, cut.parts) : cut.parts;
  const { width, height } = finishedSize(request);
  if (parts < 2 || width * height > MOST_PIXELS[cut.work]) return null;
  const { exchange, models, compute } = services;
  const session = crypto.randomUUID();
  // The picture is painted with the files that there are now, whatever they become meanwhile.
  const begun = stampOf(request, models, compute);
  begun.catch(() => {}); // whoever makes an offer hears of it
  const makeOffer = async () => {
    if (!isWorthwhile(request, cut, services)) return null;
    const stamp = await stampOf(request, models, compute);
    if (foreignness(await begun, stamp) !== null) return null;
    const { model } = request;
    const kind = kindOf(compute.runtime);
    return { session, painter: exchange.self, generationId: id, token, work: cut.work, stamp, model, kind };
  };
  return new PainterSession(services, session, makeOffer, parts - 1, listener);
}

/** Whether sharing costs less than it gives; not before a prediction was measured. */
function isWorthwhile(request: GenerationRequest, cut: Parallel, services: Together): boolean {
  if (cut.work === "PREDICTIONS") return (predictionMs(request, 0, services) ?? 0) >= LEAST_PREDICTION_MS;
  return (stepMs(request, cut, services) ?? 0) * allStepsTaken(request) >= LEAST_PICTURE_MS;
}
