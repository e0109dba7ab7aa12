/** The pictures of a claim, painted and encoded, alone or with others; from where an earlier attempt left them. */

import { allStepsTaken } from "../compute/pipeline/second_request.ts";
import type { Compute, GenerateOptions, GenerationOutcome, GenerationStep } from "../compute/worker/compute.ts";
import { nth } from "../elements.ts";
import type { ImageEncoder } from "../image/encoder.ts";
import { DealtPictures } from "./aides/dealt_pictures.ts";
import type { Parallel } from "./aides/parallel.ts";
import type { PainterSession, SessionListener } from "./aides/session.ts";
import { SharedPredictions } from "./aides/shared_predictions.ts";
import { cutOf, predictionMs, stepMs, type Together } from "./aides/together.ts";
import type { GenerationMetrics } from "./generation.ts";
import type { KeptProgress } from "./kept_progress.ts";
import { type MadeModels, madeOf } from "./made.ts";
import { type EncodedPicture, isPaintedPicture, type PaintedPicture } from "./painted_picture.ts";
import { pictureTexts } from "./picture_record.ts";
import { type PictureStep, PictureSteps } from "./picture_steps.ts";
import { singleRequests, totalTiming } from "./pictures.ts";
import type { GenerationRequest } from "./request.ts";
import type { Claim } from "./work_queue.ts";

/** How a generation ended: with all its pictures, or without any. */
export type Outcome =
  | { readonly type: "PAINTED"; readonly pictures: readonly EncodedPicture[]; readonly metrics: GenerationMetrics }
  | Exclude<GenerationOutcome, { readonly type: "IMAGE" }>;

/** What it works with. */
export interface PaintServices {
  readonly compute: Compute;
  readonly models: MadeModels;
  readonly encoder: ImageEncoder;
}

/** How it is painted. */
export interface PaintOptions extends Omit<GenerateOptions, "continuation" | "aides" | "onStep"> {
  /** What is kept of it, and what was. */
  readonly kept: KeptProgress;
  /** Is told how the attempt begins, before it does. */
  readonly onBegin: (beginning: { readonly step: number; readonly reason: string }) => void;
  readonly onStep: (step: PictureStep) => void;
  /** Milliseconds between two checkpoints, at least. */
  readonly checkpointMs: number;
  /** Offers work to others, see {@link openSession}; default: nobody is asked. */
  readonly share?: (cut: Parallel, left: number, listener: SessionListener) => PainterSession | null;
}

/**
 * Paints the pictures of a claim. Prompts that they share are encoded once, and remembered. Where others help, they make
 * predictions of a single picture, and whole pictures of several.
 */
export async function paintPictures(
  { generation: { request } }: Claim,
  services: PaintServices & Pick<Together, "models" | "estimator">,
  { kept, onBegin, onStep, watched, checkpointMs, share = () => null, ...options }: PaintOptions,
): Promise<Outcome> {
  const { pictures: done, from, step, reason } = await kept.begin();
  if (reason !== null) onBegin({ step, reason });
  const singles = singleRequests(request);
  const each = allStepsTaken(request);
  const pictures = new Map(done);
  const stepOf = (i: number) => pictures.has(i) ? each : from?.picture === i ? from.step : 0;
  const steps = new PictureSteps(each, singles.map((_, i) => stepOf(i)));

  const cut = cutOf(request, services.models);
  const helpers = () => session ?? NOBODY;
  const predictions = new SharedPredictions(helpers, (pass) => predictionMs(request, pass, services) ?? 0);
  const take = (i: number, step: GenerationStep, alone: boolean) => {
    const counted = steps.take(i, step);
    // As many paint at once as there are.
    if (counted !== null) onStep({ ...counted, passesLeft: counted.passesLeft / dealt.painting, picture: i, alone });
  };
  const keep = (i: number, picture: PaintedPicture) => {
    pictures.set(i, picture);
    if (pictures.size < singles.length) kept.keepPicture(i, picture);
  };
  const waiting = [...singles.keys()].filter((i) => !pictures.has(i))
    .map((picture) => ({ picture, from: from?.picture === picture ? from.state : null }));
  // What was begun goes before what was not.
  const dealt = new DealtPictures(
    waiting.toSorted((a, b) => Number(b.from !== null) - Number(a.from !== null)),
    { steps: each, stepMs: () => stepMs(request, cut, services) ?? 0 },
    helpers,
    {
      step: (i, step) => take(i, { ...step, checkpoint: null, regionMasks: null }, false),
      painted: (i, picture) => {
        if (!isPaintedPicture(picture, request)) return false;
        steps.complete(i);
        keep(i, picture);
        return true;
      },
      lost: (i) => steps.lose(i),
    },
  );
  const session = share(cut, waiting.length, cut.work === "PICTURES" ? dealt : predictions);
  const stopping = AbortSignal.any([options.signal, options.drain].filter((signal) => signal !== undefined));
  try {
    for (let next; (next = await dealt.next(stopping)) !== null;) {
      const { picture: i, from } = next;
      const single = nth(singles, i);
      const own = watched && { watched: watched.subarray(i * each) };
      const outcome = await services.compute.generate(single, {
        ...options,
        ...own,
        ...session !== null && cut.work === "PREDICTIONS" && { aides: predictions },
        continuation: { from, everyMs: checkpointMs },
        onStep: (step) => {
          if (step.checkpoint !== null) kept.keepState(i, step.checkpoint);
          take(i, step, !predictions.takeHelped());
        },
      });
      if (outcome.type === "CANCELED" && outcome.checkpoint !== undefined) kept.keepState(i, outcome.checkpoint);
      if (outcome.type !== "IMAGE") return outcome;
      keep(i, await encodePicture(outcome, single, services));
    }
  } finally {
    session?.end();
  }
  const painted = singles.flatMap((_, i) => pictures.get(i) ?? []);
  if (painted.length < singles.length) return { type: "CANCELED" };
  const metrics = {
    ...totalTiming(painted.map(({ timing }) => timing)),
    attention: painted.at(-1)?.attention ?? [],
    workers: Math.max(dealt.workers, predictions.workers),
  };
  return { type: "PAINTED", pictures: painted, metrics };
}

/** Who helps where nobody does. */
const NOBODY = { ready: [], say: () => Promise.resolve(false), dismiss: () => {} };

/** A picture's file, with what painted it. */
export async function encodePicture(
  { image, timing, attention }: Extract<GenerationOutcome, { type: "IMAGE" }>,
  request: GenerationRequest,
  { encoder, models, compute }: PaintServices,
): Promise<PaintedPicture> {
  const { format } = request;
  const text = pictureTexts(request, await madeOf(request, models, compute));
  const { bytes, mimeType, width, height } = await encoder.encode({ ...image, channels: 3 }, { format, text });
  return { bytes, mimeType, width, height, format, timing, attention: attention.map((cost) => ({ ...cost })) };
}
