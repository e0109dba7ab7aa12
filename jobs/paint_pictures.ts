/** The pictures of a request, painted and encoded one after the other; from where an earlier attempt left them. */

import { allStepsTaken } from "../compute/pipeline/second_request.ts";
import type { Compute, GenerateOptions, GenerationOutcome } from "../compute/worker/compute.ts";
import type { ImageEncoder } from "../image/encoder.ts";
import type { GenerationMetrics } from "./generation.ts";
import type { KeptProgress } from "./kept_progress.ts";
import { type MadeModels, madeOf } from "./made.ts";
import type { EncodedPicture, PaintedPicture } from "./painted_picture.ts";
import { pictureTexts } from "./picture_record.ts";
import { countedTogether, singleRequests, totalTiming } from "./pictures.ts";
import type { GenerationRequest } from "./request.ts";

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
export interface PaintOptions extends Omit<GenerateOptions, "continuation"> {
  /** What is kept of it, and what was. */
  readonly kept: KeptProgress;
  /** Is told how the attempt begins, before it does. */
  readonly onBegin: (beginning: { readonly step: number; readonly reason: string }) => void;
  /** Milliseconds between two checkpoints, at least. */
  readonly checkpointMs: number;
}

/** Paints a request. Prompts that its pictures share are encoded once, and remembered. */
export async function paintPictures(
  request: GenerationRequest,
  services: PaintServices,
  { kept, onBegin, onStep, watched, checkpointMs, ...options }: PaintOptions,
): Promise<Outcome> {
  const { pictures: done, from, step, reason } = await kept.begin();
  if (reason !== null) onBegin({ step, reason });
  const singles = singleRequests(request);
  const pictures = done.slice(0, singles.length);
  for (const [i, single] of singles.entries()) {
    if (i < pictures.length) continue;
    const counted = countedTogether(i, request, onStep);
    const own = watched && { watched: watched.subarray(i * allStepsTaken(single)) };
    const outcome = await services.compute.generate(single, {
      ...options,
      ...own,
      continuation: { from: i === done.length ? from : null, everyMs: checkpointMs },
      onStep: (step) => {
        if (step.checkpoint !== null) kept.keepState(i, step.checkpoint);
        counted(step);
      },
    });
    if (outcome.type === "CANCELED" && outcome.checkpoint !== undefined) kept.keepState(i, outcome.checkpoint);
    if (outcome.type !== "IMAGE") return outcome;
    const picture = await encode(outcome, single, services);
    pictures.push(picture);
    if (i + 1 < singles.length) kept.keepPicture(i, picture);
  }
  const metrics = { ...totalTiming(pictures.map(({ timing }) => timing)), attention: pictures.at(-1)?.attention ?? [] };
  return { type: "PAINTED", pictures, metrics };
}

async function encode(
  { image, timing, attention }: Extract<GenerationOutcome, { type: "IMAGE" }>,
  request: GenerationRequest,
  { encoder, models, compute }: PaintServices,
): Promise<PaintedPicture> {
  const { format } = request;
  const text = pictureTexts(request, await madeOf(request, models, compute));
  const { bytes, mimeType, width, height } = await encoder.encode({ ...image, channels: 3 }, { format, text });
  return { bytes, mimeType, width, height, format, timing, attention: attention.map((cost) => ({ ...cost })) };
}
