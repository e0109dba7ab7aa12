/** One generation: prompts and layout in, steps and at last a picture out. */

import { type Layout, PLAIN_LAYOUT } from "../../layout/layout.ts";
import { type MaskImages, NO_IMAGES } from "../../layout/masks/mask_image.ts";
import { whereFound } from "../../layout/words.ts";
import { nth } from "../../elements.ts";
import { LoraLibrary } from "../lora/lora_library.ts";
import type { DiffusionModel } from "../model/model.ts";
import type { AttentionCost } from "../model/regional_feeds.ts";
import type { Tensor } from "../tensor.ts";
import { createPredictors, denoise, type DenoisingStep } from "./denoise.ts";
import { guidanceScales, guidedCalls } from "./guidance.ts";
import { heldRuns } from "./held_runs.ts";
import type { GenerationOutput, GenerationTiming, StepTiming } from "./generation_output.ts";
import { noiseOf, samplerOf, weightMapsByCall } from "./painting_pass.ts";
import { passesByStep } from "./passes.ts";
import { latentWindows, predictedShare } from "./picture_windows.ts";
import { modeByCall } from "./predictor.ts";
import {
  endBefore,
  endOf,
  ForeignStateError,
  foundImages,
  latentDims,
  type PassEnd,
  pathAfter,
  pathStates,
  type PictureState,
} from "./picture_state.ts";
import { PreviewMaps } from "./preview_maps.ts";
import { Previewers } from "./previewers.ts";
import { encodePrompts } from "./prompt_contexts.ts";
import type { PictureRequest } from "./request.ts";
import type { RegionNoise } from "./region_noise.ts";
import { placesOf, type RequestLoras, requestLoras } from "./request_loras.ts";
import { denoiseHeldTo, rerollShares } from "./reroll.ts";
import { bandsToBytes } from "./rgb_image.ts";
import { startOfSecond } from "./second_pass.ts";
import { finishedSize, type PaintingPass, secondPassOf } from "./second_request.ts";
import { type Start, startOf, type StartOptions } from "./start.ts";
import { trialOf, TWO_HALVES, WARM_UP_STEPS } from "./trial.ts";
import { type FoundMask, foundMasks, WordSearch } from "./word_search.ts";

/** A model with what only pictures need of it; {@link PictureRequest} shows how it paints. */
export class Pipeline {
  readonly #previewers: Previewers;

  /**
   * @param maps Where preview maps are kept; by default nowhere.
   * @param library Where LoRAs are; by default in the model's folder alone.
   */
  constructor(
    readonly model: DiffusionModel,
    maps: PreviewMaps = new PreviewMaps(null),
    private readonly library: LoraLibrary = new LoraLibrary(null),
  ) {
    this.#previewers = new Previewers(model, maps);
  }

  /** Loads every part that a generation's first preview takes. */
  async load(): Promise<void> {
    await this.model.textEncoder();
    await this.model.unet();
    await this.#previewers.by("linear");
  }

  /**
   * What one guided step of a plain picture of native size takes, the second of two: the first warms up.
   * @param idle As for {@link warmUp}.
   * @returns Null if it did not come to its end.
   */
  async measureStep(idle: () => boolean): Promise<StepTiming | null> {
    for await (
      const output of this.generate(trialOf(this.model.config, { layout: PLAIN_LAYOUT, steps: 2, guidanceScale: 2 }))
    ) {
      if (output.type !== "STEP") break;
      const { step, steps, stepMs, previewMs, passes } = output;
      if (step === steps) return { stepMs, previewMs, passes }; // the picture itself is not wanted
      await new Promise((resolve) => setTimeout(resolve));
      if (!idle()) break;
    }
    return null;
  }

  /**
   * Paints a picture of native size and two regions and throws it away, so that the first one which is asked for takes
   * little longer than those after it: engines compile what runs often while it runs, and memory is slow at its first touch.
   * @param idle Asked between steps, after other tasks of this thread have had their turn; false ends it.
   * @returns Whether it came to its end.
   */
  async warmUp(idle: () => boolean): Promise<boolean> {
    const request = trialOf(this.model.config, { layout: TWO_HALVES, steps: WARM_UP_STEPS, guidanceScale: 1 });
    for await (const _ of this.generate(request)) {
      await new Promise((resolve) => setTimeout(resolve));
      if (!idle()) return false;
    }
    return true;
  }

  /**
   * Computes a generation; stop iterating to cancel between steps.
   * @param request Checked against the model before.
   * @param images Of the layout's painted masks, of the picture to start from and of its mask.
   * @param watched Whether anybody wants the preview of a step, from 1. One that nobody wants is never decoded: it is drawn
   *   by the linear map, which costs next to nothing, so that there always is one.
   * @param from The state after a step of the same request, with the same model on the same runtime: the steps after it are
   *   painted, and the picture is the same.
   * @throws {ForeignStateError} if the state is of another request.
   * @throws {InvalidInputError} if a hole is left by regions whose windows close, under the hole policy ERROR.
   */
  async *generate(
    request: PictureRequest,
    images: MaskImages = NO_IMAGES,
    watched: (step: number) => boolean = () => true,
    from: PictureState | null = null,
  ): AsyncGenerator<GenerationOutput, void, undefined> {
    const { config, capabilities } = this.model;
    const clock = new Stopwatch();
    const timing = { ...from?.timing ?? { loadMs: 0, encodeMs: 0, denoiseMs: 0, decodeMs: 0 } };
    const loading = async <T>(part: Promise<T>): Promise<T> => {
      timing.encodeMs += clock.lap();
      const loaded = await part;
      timing.loadMs += clock.lap();
      return loaded;
    };
    const encoder = () => loading(this.model.vaeEncoder());
    const decoder = () => loading(this.model.vaeDecoder());
    const second = secondPassOf(request);
    const expected = passesByStep(request, {
      calls: samplerOf(request, config.scheduler).calls,
      secondCalls: second && samplerOf(second, config.scheduler).calls,
      guidanceEmbedded: capabilities.guidanceEmbedded,
    });
    const pixels = request.width * request.height;
    const completed = from?.completed ?? 0;
    const { layout } = request;
    const loras = requestLoras(request, this.model, this.library);
    const run: Run = {
      untold: null,
      layout,
      images,
      loras,
      clock,
      timing,
      expected,
      pixels,
      watched,
      begun: completed,
      completed,
      from,
    };
    let painted = from === null || from.pass === 0
      ? yield* this.#paint(request, run, null, (options) => startOf(request, { ...options, images, encoder }))
      : null;
    if (second !== undefined && request.secondPass !== undefined) {
      const { upscale } = request.secondPass;
      const { width, height } = second;
      const dims = latentDims(request, config);
      const before = painted?.end ?? endBefore(from, dims, heldRuns(request).length);
      const sources = { upscale, width, height, images, encoder, decoder };
      const pass = { ...second, layout: whereFound(second.layout) };
      painted = yield* this.#paint(pass, run, before, (options, path) => {
        return startOfSecond({ ...options, ...sources, latents: { dims, data: nth(before.paths, path) } });
      });
    }
    if (painted === null) throw new ForeignStateError("Cannot go on in a second pass: the request has none");
    const { finish, dims, end: { paths }, attention } = painted;
    const bands = (await this.model.vaeDecoder()).bands({ dims, data: nth(paths, paths.length - 1) });
    const image = finish(await bandsToBytes(bands, finishedSize(request)));
    timing.decodeMs += clock.lap();
    yield { type: "IMAGE", image, timing, attention };
  }

  /**
   * One pass over the picture, all of it or the second one.
   * @param before What the first pass came to; null for itself.
   */
  async *#paint(
    request: PaintingPass,
    run: Run,
    before: PassEnd | null,
    startAt: (options: Omit<StartOptions, "images" | "encoder">, path: number) => Promise<Start>,
  ): AsyncGenerator<GenerationOutput, Painted, undefined> {
    const { config } = this.model;
    const { images, loras, clock, timing, expected } = run;
    const found = foundImages(before);
    const { vaeFactor: factor } = config;
    const text = await this.model.textEncoder(loras.whole);
    timing.loadMs += clock.lap();

    const { calls, taken: { begin, stepOf } } = samplerOf(request, config.scheduler);
    const { cond, uncond } = await encodePrompts(
      async (prompt) => {
        const own = loras.regions[prompt - 1] ?? [];
        return { text: await this.model.textEncoder([...loras.whole, ...own]), loras: own };
      },
      request.layout,
      { ...request, calls },
    );
    timing.encodeMs += clock.lap();
    // After the encoders, which may have to make room for it.
    const places = request.regionalLora === "WEIGHTED" ? placesOf(loras.regions) : [];
    const openUnet = (options?: { readonly words: boolean }) => this.model.unet(loras.whole, places, options);
    const search = await WordSearch.open({ text, config, openUnet }, { request, calls, begin });
    const unet = search?.unet ?? await openUnet();
    const linear = await this.#previewers.by("linear");
    const chosen = await this.#previewers.by(request.previews);
    timing.loadMs += clock.lap();

    const imagesNow = () => new Map([...images, ...found, ...search?.images ?? NO_IMAGES]);
    const mapsAt = weightMapsByCall(request, imagesNow, { factor, calls, begin });
    const windows = latentWindows(request, factor);
    // Where words lie was not known when the first pass was painted: both paint the same part anew.
    const shares = rerollShares({ ...request, layout: run.layout }, images, factor);
    const predictors = createPredictors({
      unet,
      height: request.height / factor,
      width: request.width / factor,
      guidanceScales: guidanceScales(request),
      ...windows && { windows },
    });
    const pass = before === null ? 0 : 1;
    const from = run.from?.pass === pass ? run.from : null;
    if (from !== null && !(from.call >= begin && from.call < calls && stepOf(from.call + 1) <= from.completed)) {
      throw new ForeignStateError(`Cannot go on after call ${from.call} of ${calls}, as step ${from.completed}`);
    }
    const noises: RegionNoise[] = [];
    const pathOf = async (held: PaintingPass, place: number) => {
      const noise = noiseOf(held, config, shares.slice(0, held.rerolls?.length ?? 0).flat());
      const { sampler } = samplerOf(held, config.scheduler);
      const path = {
        unet,
        predictors,
        sampler,
        begin,
        ...await startAt({ config, sampler, begin, noise, maps: mapsAt(begin) }, place),
        mode: modeByCall(held, calls),
        cond,
        uncond,
        mapsAt,
        guidedCalls: guidedCalls(held, calls),
        guidanceScales: guidanceScales(held),
        noise: (call: number) => noise.draw(mapsAt(call)),
      };
      noises.push(noise);
      return from === null ? path : { ...path, ...pathAfter(from, place, path, noise) };
    };
    const [first, ...others] = heldRuns(request);
    const path = await pathOf(first, 0);
    // Words are looked for in the picture that the others are held to.
    let loop = denoise({ ...path, ...search && { firstPass: search.at.bind(search) } });
    for (const [i, held] of others.entries()) {
      loop = denoiseHeldTo(loop, nth(shares, (held.rerolls?.length ?? 0) - 1), await pathOf(held, i + 1));
    }
    const { finish, start: { dims } } = path;
    if (from?.heat) run.untold = await search?.goOn(from.heat, from.call) ?? null;
    if (from !== null && found.size > 0) run.untold = foundMasks(run.layout, found);
    timing.encodeMs += clock.lap();

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
      timing.denoiseMs += stepMs;
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
        timing: { ...timing },
      };
      const { untold: regionMasks } = run;
      run.untold = null;
      const told = { step, steps, stepMs, previewMs, passes, passesLeft, preview, previewMethod, regionMasks };
      yield { type: "STEP", ...told, state };
      passes = 0;
      clock.lap(); // leaves out what the receiver took
      if (step > run.begun + 1) continue;
      // Not before the first preview is on its way; and not only at the end, where a fault would cost all the steps.
      await this.model.vaeDecoder();
      timing.loadMs += clock.lap();
    }
    if (latest === null) throw new RangeError("Cannot generate in no steps");
    return { finish, dims, end: endOf(latest.paths, search?.images ?? found), attention: latest.cost };
  }
}

/** What the passes over a picture have in common. */
interface Run {
  /** As it was asked for. */
  readonly layout: Layout;
  readonly images: MaskImages;
  readonly loras: RequestLoras;
  readonly clock: Stopwatch;
  readonly timing: { -readonly [Part in keyof GenerationTiming]: number };
  /** Predictions by step, of all passes. */
  readonly expected: readonly number[];
  /** Of the first pass, whose predictions count as 1. */
  readonly pixels: number;
  /** Whether anybody wants the preview of a step, from 1. */
  readonly watched: (step: number) => boolean;
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
interface Painted extends Pick<Start, "finish"> {
  /** The shape of its latents, [1, C, h, w]. */
  readonly dims: Tensor["dims"];
  readonly end: PassEnd;
  /** Of the last step. */
  readonly attention: readonly AttentionCost[];
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0);
}

/** Milliseconds between calls of `lap`. */
class Stopwatch {
  #since = performance.now();

  lap(): number {
    const now = performance.now();
    const elapsed = now - this.#since;
    this.#since = now;
    return elapsed;
  }
}
