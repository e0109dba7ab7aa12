/** One generation: prompts and layout in, steps and at last a picture out. */

import { type Layout, PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../layout/layout.ts";
import { type MaskImages, NO_IMAGES } from "../../layout/masks/mask_image.ts";
import { compileWeightMaps, type WeightMaps } from "../../layout/weights/weight_maps.ts";
import { type Phase, phases } from "../../layout/windows.ts";
import type { DiffusionModel } from "../model/model.ts";
import type { AttentionCost } from "../model/regional_feeds.ts";
import type { ModelConfig } from "../model/config.ts";
import { createSampler } from "../sampler/registry.ts";
import type { Sampler } from "../sampler/sampler.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { denoise } from "./denoise.ts";
import { guidanceScales, guidedCalls } from "./guidance.ts";
import { passesByStep } from "./passes.ts";
import { fitPreviewMap, type PreviewMap } from "./preview.ts";
import { PreviewMaps } from "./preview_maps.ts";
import { encodePrompts } from "./prompt_contexts.ts";
import { RegionNoise } from "./region_noise.ts";
import { modeByCall } from "./predictor.ts";
import type { PictureRequest, PreviewMethod } from "./request.ts";
import { type RgbImage, shrink, toBytes } from "./rgb_image.ts";
import { startOf } from "./start.ts";
import { type TakenSteps, takenSteps } from "./taken_steps.ts";

/** What a generation gives out, in this order: `STEP` once per step, then `IMAGE`. */
export type GenerationOutput =
  | {
    readonly type: "STEP";
    /** Steps completed, from 1 to `steps`. */
    readonly step: number;
    readonly steps: number;
    /** Milliseconds that this step took, its preview included. */
    readonly stepMs: number;
    /** Milliseconds of these that its preview took. */
    readonly previewMs: number;
    /** Predictions of the UNet that it took. */
    readonly passes: number;
    /** Predictions that the steps after it will take, see {@link passesByStep}. */
    readonly passesLeft: number;
    /** The predicted finished picture. */
    readonly preview: RgbImage;
    /** How it was made: as the request says, or by the linear map where nobody wanted it. */
    readonly previewMethod: PreviewMethod;
  }
  | {
    readonly type: "IMAGE";
    readonly image: RgbImage;
    readonly timing: GenerationTiming;
    /** What regional attention cost in one conditional prediction of the last step, level by level. */
    readonly attention: readonly AttentionCost[];
  };

/** What a step took. */
export type StepTiming = Pick<Extract<GenerationOutput, { type: "STEP" }>, "stepMs" | "previewMs" | "passes">;

/** Where the time went, in milliseconds. */
export interface GenerationTiming {
  /** Loading what was not loaded yet. */
  readonly loadMs: number;
  /** Encoding the prompts. */
  readonly encodeMs: number;
  /** All denoising steps, their previews included. */
  readonly denoiseMs: number;
  /** Decoding the picture. */
  readonly decodeMs: number;
}

/** The longest edge of previews from an autoencoder, in pixels. */
const PREVIEW_EDGE = 256;

/** Steps of a warm-up: in the last ones nothing gets faster any more. */
const WARM_UP_STEPS = 8;

/** What a warm-up paints: two halves, so that regional attention has its turn. */
const TWO_HALVES: Layout = {
  ...PLAIN_LAYOUT,
  regions: [half("left", 0), half("right", 0.5)],
};

function half(name: string, x: number): Region {
  return { ...PLAIN_REGION, name, geometry: { kind: "RECTANGLE", x, y: 0, width: 0.5, height: 1 }, prompt: name };
}

/** A model with what only pictures need of it; {@link PictureRequest} shows how it paints. */
export class Pipeline {
  #previewMap: Promise<PreviewMap> | undefined;

  /** @param maps Where preview maps are kept; by default nowhere. */
  constructor(readonly model: DiffusionModel, private readonly maps: PreviewMaps = new PreviewMaps(null)) {}

  /** Loads every part that a generation's first preview takes. */
  async load(): Promise<void> {
    await this.model.textEncoder();
    await this.model.unet();
    await this.#previewer("linear");
  }

  /**
   * What one guided step of a plain picture of native size takes, the second of two: the first warms up.
   * @param idle As for {@link warmUp}.
   * @returns Null if it did not come to its end.
   */
  async measureStep(idle: () => boolean): Promise<StepTiming | null> {
    for await (const output of this.generate(this.#trial({ layout: PLAIN_LAYOUT, steps: 2, guidanceScale: 2 }))) {
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
    const request = this.#trial({ layout: TWO_HALVES, steps: WARM_UP_STEPS, guidanceScale: 1 });
    for await (const _ of this.generate(request)) {
      await new Promise((resolve) => setTimeout(resolve));
      if (!idle()) return false;
    }
    return true;
  }

  /** A picture of native size that shows nothing but how long it takes. */
  #trial(how: Pick<PictureRequest, "layout" | "steps" | "guidanceScale">): PictureRequest {
    const { name, nativeSize } = this.model.config;
    return {
      ...how,
      model: name,
      width: nativeSize,
      height: nativeSize,
      sampler: "euler",
      schedule: "model",
      guidanceStart: 0,
      guidanceEnd: 1,
      previews: "linear",
      seed: 0,
      mode: "attention",
      format: "PNG",
    };
  }

  /**
   * Computes a generation; stop iterating to cancel between steps.
   * @param request Checked against the model before.
   * @param images Of the layout's painted masks, of the picture to start from and of its mask.
   * @param watched Whether anybody wants the preview of a step, from 1. One that nobody wants is never decoded: it is drawn
   *   by the linear map, which costs next to nothing, so that there always is one.
   * @throws {InvalidInputError} if a hole is left by regions whose windows close, under the hole policy ERROR.
   */
  async *generate(
    request: PictureRequest,
    images: MaskImages = NO_IMAGES,
    watched: (step: number) => boolean = () => true,
  ): AsyncGenerator<GenerationOutput, void, undefined> {
    const { layout, width, height } = request;
    const { config } = this.model;
    const { vaeFactor: factor } = config;
    const clock = new Stopwatch();

    const text = await this.model.textEncoder();
    const unet = await this.model.unet();
    const linear = await this.#previewer("linear");
    const chosen = await this.#previewer(request.previews);
    let loadMs = clock.lap();

    const { sampler, calls, taken: { steps, begin, stepOf } } = samplerOf(request, config.scheduler);
    const { cond, uncond } = await encodePrompts(text, layout, { steps: request.steps, calls });
    let encodeMs = clock.lap();

    const mapsAt = weightMapsByCall(request, images, factor, calls);
    const noise = noiseOf(request, config);
    const { finish, ...start } = await startOf(request, {
      config,
      sampler,
      begin,
      noise,
      maps: mapsAt(begin),
      images,
      encoder: async () => {
        const encoder = await this.model.vaeEncoder();
        loadMs += clock.lap();
        return encoder;
      },
    });
    encodeMs += clock.lap();
    const { dims } = start.start;
    const loop = denoise({
      unet,
      sampler,
      begin,
      ...start,
      mode: modeByCall(request, calls),
      cond,
      uncond,
      mapsAt,
      guidedCalls: guidedCalls(request, calls),
      guidanceScales: guidanceScales(request),
      noise: (call) => noise.draw(mapsAt(call)),
    });

    const guidanceEmbedded = unet.added.guidanceWidth !== null;
    const expected = passesByStep(request, { calls, guidanceEmbedded });
    let passesLeft = total(expected);
    let latents: Float32Array | undefined;
    let denoiseMs = 0;
    let completed = 0;
    let passes = 0;
    let attention: readonly AttentionCost[] = [];
    for await (const { index, sample, predOriginal, passes: ofCall, cost } of loop) {
      latents = sample;
      attention = cost;
      passes += ofCall;
      // Some samplers call the denoiser more often than once a step.
      const step = stepOf(index + 1);
      if (step === completed) continue;
      passesLeft -= total(expected.slice(completed, step));
      completed = step;
      const predictMs = clock.lap();
      const previewMethod = watched(step) ? request.previews : "linear";
      const preview = await (previewMethod === "linear" ? linear : chosen)({ dims, data: predOriginal });
      const previewMs = clock.lap();
      const stepMs = predictMs + previewMs;
      denoiseMs += stepMs;
      yield { type: "STEP", step, steps, stepMs, previewMs, passes, passesLeft, preview, previewMethod };
      passes = 0;
      clock.lap(); // leaves out what the receiver took
      if (step > 1) continue;
      // Not before the first preview is on its way; and not only at the end, where a fault would cost all the steps.
      await this.model.vaeDecoder();
      loadMs += clock.lap();
    }
    if (latents === undefined) throw new RangeError("Cannot generate in no steps");
    const decoder = await this.model.vaeDecoder();
    const picture = await decoder.decode({ dims, data: latents });
    const image = finish(toBytes(picture.data, height, width));
    yield { type: "IMAGE", image, timing: { loadMs, encodeMs, denoiseMs, decodeMs: clock.lap() }, attention };
  }

  async #findOrFit(): Promise<PreviewMap> {
    const found = this.maps.find(this.model);
    if (found !== undefined) return found;
    const map = await fitPreviewMap(await this.model.vaeDecoder(), this.model.config.latents.channels);
    this.maps.keep(this.model, map);
    return map;
  }

  /** Latents [1, C, h, w] to a preview. */
  async #previewer(method: PreviewMethod): Promise<(latents: Tensor) => Promise<RgbImage>> {
    if (method === "autoencoder") {
      const decoder = await this.model.previewDecoder();
      return async (latents) => shrink(await decoder.decode(latents), PREVIEW_EDGE);
    }
    this.#previewMap ??= this.#findOrFit().catch((error) => {
      this.#previewMap = undefined; // a failed fit may be tried again
      throw error;
    });
    const map = await this.#previewMap;
    return (latents) => {
      const [, , height, width] = shapeOf(latents, 4);
      return Promise.resolve(map.render(latents.data, height, width));
    };
  }
}

/** A request's sampler, and which of its calls are made. */
function samplerOf(request: PictureRequest, config: ModelConfig["scheduler"]): {
  readonly sampler: Sampler;
  readonly calls: number;
  readonly taken: TakenSteps;
} {
  const { sampler: name, steps, schedule } = request;
  const create = (begin: number) => createSampler({ sampler: name, config, steps, schedule, begin });
  const calls = create(0).timesteps.length;
  const taken = takenSteps(request, calls);
  return { sampler: create(taken.begin), calls, taken };
}

/** A request's noise: its seeds', at the size of its latents. */
export function noiseOf({ seed, layout, width, height, variation }: PictureRequest, config: ModelConfig): RegionNoise {
  const cells = { height: height / config.vaeFactor, width: width / config.vaeFactor };
  return new RegionNoise({
    seed,
    regionSeeds: layout.regions.map(({ seed }) => seed),
    count: config.latents.channels * cells.height * cells.width,
    ...(variation === undefined ? {} : { variation: { ...variation, ...cells } }),
  });
}

/**
 * The weight maps of the sampler's calls, asked for in their order. Regions' windows cut the schedule into phases, two for
 * every region at most; each is compiled when it begins, and only the latest is kept.
 */
function weightMapsByCall(
  { layout, width, height }: PictureRequest,
  images: MaskImages,
  factor: number,
  calls: number,
): (call: number) => WeightMaps | null {
  if (layout.regions.length === 0) return () => null;
  const cut = phases(layout, calls);
  let current: { readonly phase: Phase; readonly maps: WeightMaps } | undefined;
  return (call) => {
    const phase = cut.find(({ end }) => call < end);
    if (phase === undefined) return null;
    if (current?.phase !== phase) {
      const maps = compileWeightMaps(layout, { width, height, factor }, { active: phase.active, images });
      current = { phase, maps };
    }
    return current.maps;
  };
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
