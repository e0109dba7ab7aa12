/** Painting one pass over a picture, step by step. */

import { nth } from "../../elements.ts";
import type { Layout } from "../../layout/layout.ts";
import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { DiffusionModel } from "../model/model.ts";
import type { AttentionCost } from "../model/regional_feeds.ts";
import type { Tensor } from "../tensor.ts";
import { denoise, type Denoising, type DenoisingStep } from "./denoise.ts";
import type { GenerationClock } from "./generation_clock.ts";
import type { GenerationOutput } from "./generation_output.ts";
import { heldRuns } from "./held_runs.ts";
import { noiseOf, samplerOf } from "./painting_pass.ts";
import type { PartExchanges } from "./part_exchange.ts";
import {
  endOf,
  ForeignStateError,
  foundImages,
  type PassEnd,
  pathAfter,
  pathStates,
  type PictureState,
} from "./picture_state.ts";
import { predictedShare } from "./picture_windows.ts";
import { type PreparedPass, preparePass } from "./prepared_pass.ts";
import type { Previewers } from "./previewers.ts";
import type { RegionNoise } from "./region_noise.ts";
import type { RequestLoras } from "./request_loras.ts";
import { denoiseHeldTo, rerollShares } from "./reroll.ts";
import type { PaintingPass } from "./second_request.ts";
import type { Start, StartOptions } from "./start.ts";
import { type FoundMask, foundMasks } from "./word_search.ts";

/** What the passes over a picture have in common. */
export interface PictureRun {
  readonly model: DiffusionModel;
  readonly previewers: Previewers;
  /** As it was asked for. */
  readonly layout: Layout;
  readonly images: MaskImages;
  readonly loras: RequestLoras;
  readonly clock: GenerationClock;
  /** Predictions by step, of all passes. */
  readonly expected: readonly number[];
  /** Of the first pass, whose predictions count as 1. */
  readonly pixels: number;
  /** Whether anybody wants the preview of a step, from 1. */
  readonly watched: (step: number) => boolean;
  /** Others that make parts of its calls; null: nobody. */
  readonly exchanges: PartExchanges | null;
  /** Steps that were completed before this run, of all passes. */
  readonly begun: number;
  /** Steps, of all passes. */
  completed: number;
  /** Where words were found, until a step has told of it. */
  untold: readonly FoundMask[] | null;
  /** What the run goes on from. */
  readonly from: PictureState | null;
}

/** A pass that was painted. */
export interface Painted extends Pick<Start, "finish"> {
  /** The shape of its latents, [1, C, h, w]. */
  readonly dims: Tensor["dims"];
  readonly end: PassEnd;
  /** Of the last step. */
  readonly attention: readonly AttentionCost[];
}

/** Where one of a pass's paths starts. */
type StartAt = (options: Omit<StartOptions, "images" | "encoder">, path: number) => Promise<Start>;

/**
 * One pass over the picture, all of it or the second one.
 * @param before What the first pass came to; null for itself.
 * @throws {ForeignStateError} if what the run goes on from is of another request.
 */
export async function* paintPass(
  request: PaintingPass,
  run: PictureRun,
  before: PassEnd | null,
  startAt: StartAt,
): AsyncGenerator<GenerationOutput, Painted, undefined> {
  const { model, previewers, clock, expected } = run;
  const found = foundImages(before);
  const pass = before === null ? 0 : 1;
  const loading: GenerationClock["loading"] = (part) => clock.loading(part);
  const prepared = await preparePass(request, { ...run, found, searches: true, loading });
  const { calls, taken: { begin, stepOf }, search } = prepared;
  const linear = await clock.loading(previewers.by("linear"));
  const chosen = await clock.loading(previewers.by(request.previews));

  const from = run.from?.pass === pass ? run.from : null;
  if (from !== null && !(from.call >= begin && from.call < calls && stepOf(from.call + 1) <= from.completed)) {
    throw new ForeignStateError(`Cannot go on after call ${from.call} of ${calls}, as step ${from.completed}`);
  }
  const { loop, noises, start: { finish, start: { dims } } } = await pathsOf(request, run, {
    before,
    prepared,
    from,
    startAt,
  });
  if (from?.heat) run.untold = await search?.goOn(from.heat, from.call) ?? null;
  if (from !== null && found.size > 0) run.untold = foundMasks(run.layout, found);
  clock.count("encodeMs");

  const size = predictedShare(request) * request.width * request.height / run.pixels;
  let latest: Pick<DenoisingStep, "paths" | "cost"> | null = from && { paths: from.paths, cost: from.attention };
  let completed = from === null ? 0 : stepOf(from.call + 1);
  let passes = 0;
  for await (const { index, predOriginal, passes: ofCall, cost, paths } of loop) {
    latest = { paths, cost };
    passes += ofCall * size;
    run.untold = await search?.after(index) ?? run.untold;
    // Some samplers call the denoiser more often than once a step.
    if (stepOf(index + 1) === completed) continue;
    run.completed += stepOf(index + 1) - completed;
    completed = stepOf(index + 1);
    const predictMs = clock.lap();
    const step = run.completed;
    const previewMethod = run.watched(step) ? request.previews : "linear";
    const preview = await (previewMethod === "linear" ? linear : chosen)({ dims, data: predOriginal });
    const previewMs = clock.lap();
    const stepMs = predictMs + previewMs;
    clock.count("denoiseMs", stepMs);
    const passesLeft = total(expected.slice(step));
    const steps = expected.length;
    const state: PictureState | null = step === steps ? null : {
      pass,
      completed: step,
      call: index,
      paths: pathStates({ paths }, noises),
      heat: search?.heat ?? null,
      before,
      attention: cost,
      timing: clock.timing,
    };
    const { untold: regionMasks } = run;
    run.untold = null;
    const told = { step, steps, stepMs, previewMs, passes, passesLeft, preview, previewMethod, regionMasks };
    yield { type: "STEP", ...told, state };
    passes = 0;
    clock.lap(); // leaves out what the receiver took
    if (step > run.begun + 1) continue;
    // Not before the first preview is on its way; and not only at the end, where a fault would cost all the steps.
    await model.vaeDecoder();
    clock.count("loadMs");
  }
  if (latest === null) throw new RangeError("Cannot generate in no steps");
  return { finish, dims, end: endOf(latest.paths, search?.images ?? found), attention: latest.cost };
}

/** The loop over a pass's calls, through the paths that it is held to and its own behind them. */
async function pathsOf(
  request: PaintingPass,
  { model: { config }, images, layout, exchanges }: PictureRun,
  { before, prepared, from, startAt }: {
    readonly before: PassEnd | null;
    readonly prepared: PreparedPass;
    readonly from: PictureState | null;
    readonly startAt: StartAt;
  },
): Promise<{
  readonly loop: AsyncGenerator<DenoisingStep, void, undefined>;
  /** Of each path. */
  readonly noises: readonly RegionNoise[];
  /** Of the first path. */
  readonly start: Start;
}> {
  const { mapsAt, taken: { begin }, search } = prepared;
  // Where words lie was not known when the first pass was painted: both paint the same part anew.
  const shares = rerollShares({ ...request, layout }, images, config.vaeFactor);
  const noises: RegionNoise[] = [];
  const foundNow = () => search === null ? foundImages(before) : search.images.size > 0 ? search.images : null;
  const exchange = exchanges && { exchange: exchanges.of(before === null ? 0 : 1, foundNow) };
  const pathOf = async (held: PaintingPass, place: number): Promise<Denoising & Start> => {
    const noise = noiseOf(held, config, shares.slice(0, held.rerolls?.length ?? 0).flat());
    const { sampler } = samplerOf(held, config.scheduler);
    const path = {
      ...prepared,
      ...exchange,
      sampler,
      begin,
      ...await startAt({ config, sampler, begin, noise, maps: mapsAt(begin) }, place),
      noise: (call: number) => noise.draw(mapsAt(call)),
    };
    noises.push(noise);
    return from === null ? path : { ...path, ...pathAfter(from, place, path, noise) };
  };
  const [first, ...others] = heldRuns(request);
  const start = await pathOf(first, 0);
  // Words are looked for in the picture that the others are held to.
  let loop = denoise({ ...start, ...search && { firstPass: search.at.bind(search) } });
  for (const [i, held] of others.entries()) {
    loop = denoiseHeldTo(loop, nth(shares, (held.rerolls?.length ?? 0) - 1), await pathOf(held, i + 1));
  }
  return { loop, noises, start };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0);
}
