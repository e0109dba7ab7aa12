/** One generation: prompts and layout in, steps and at last a picture out. */

import { nth } from "../../elements.ts";
import { PLAIN_LAYOUT } from "../../layout/layout.ts";
import { type MaskImages, NO_IMAGES } from "../../layout/masks/mask_image.ts";
import { LoraLibrary } from "../lora/lora_library.ts";
import type { DiffusionModel } from "../model/model.ts";
import { GenerationClock } from "./generation_clock.ts";
import type { GenerationOutput, StepTiming } from "./generation_output.ts";
import { heldRuns } from "./held_runs.ts";
import { paintPass, type PictureRun } from "./paint_pass.ts";
import { samplerOf } from "./painting_pass.ts";
import type { PartExchanges } from "./part_exchange.ts";
import { passesByStep } from "./passes.ts";
import { endBefore, ForeignStateError, latentDims, type PictureState } from "./picture_state.ts";
import { PreviewMaps } from "./preview_maps.ts";
import { Previewers } from "./previewers.ts";
import type { PictureRequest } from "./request.ts";
import { requestLoras } from "./request_loras.ts";
import { bandsToBytes } from "./rgb_image.ts";
import { startOfSecond } from "./second_pass.ts";
import { finishedSize, passesOver } from "./second_request.ts";
import { SharedPicture } from "./shared_picture.ts";
import { startOf } from "./start.ts";
import { trialOf, TWO_HALVES, WARM_UP_STEPS } from "./trial.ts";

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
   * @param exchanges Others that make parts of its calls; the picture is the same. Null: nobody.
   * @throws {ForeignStateError} if the state is of another request.
   * @throws {InvalidInputError} if a hole is left by regions whose windows close, under the hole policy ERROR.
   */
  async *generate(
    request: PictureRequest,
    images: MaskImages = NO_IMAGES,
    watched: (step: number) => boolean = () => true,
    from: PictureState | null = null,
    exchanges: PartExchanges | null = null,
  ): AsyncGenerator<GenerationOutput, void, undefined> {
    const { model } = this;
    const { config } = model;
    const clock = new GenerationClock(from?.timing ?? null);
    const encoder = () => clock.loading(model.vaeEncoder());
    const decoder = () => clock.loading(model.vaeDecoder());
    const [first, second] = passesOver(request);
    const completed = from?.completed ?? 0;
    const run: PictureRun = {
      model,
      previewers: this.#previewers,
      layout: request.layout,
      images,
      loras: requestLoras(request, model, this.library),
      clock,
      expected: this.#expectedPasses(request),
      pixels: request.width * request.height,
      watched,
      exchanges,
      begun: completed,
      completed,
      untold: null,
      from,
    };
    let painted = from === null || from.pass === 0
      ? yield* paintPass(first, run, null, (options) => startOf(request, { ...options, images, encoder }))
      : null;
    if (second !== undefined && request.secondPass !== undefined) {
      const { upscale } = request.secondPass;
      const { width, height } = second;
      const dims = latentDims(request, config);
      const before = painted?.end ?? endBefore(from, dims, heldRuns(request).length);
      const sources = { upscale, width, height, images, encoder, decoder };
      painted = yield* paintPass(second, run, before, (options, path) => {
        return startOfSecond({ ...options, ...sources, latents: { dims, data: nth(before.paths, path) } });
      });
    }
    if (painted === null) throw new ForeignStateError("Cannot go on in a second pass: the request has none");
    const { finish, dims, end: { paths }, attention } = painted;
    const bands = (await model.vaeDecoder()).bands({ dims, data: nth(paths, paths.length - 1) });
    const image = finish(await bandsToBytes(bands, finishedSize(request)));
    clock.count("decodeMs");
    yield { type: "IMAGE", image, timing: clock.timing, attention };
  }

  /**
   * A picture that another paints, of whose calls parts are to be made here.
   * @param images Of the layout's painted masks.
   */
  share(request: PictureRequest, images: MaskImages): SharedPicture {
    return new SharedPicture(this.model, request, images, requestLoras(request, this.model, this.library));
  }

  /** Predictions by step, of all passes. */
  #expectedPasses(request: PictureRequest): readonly number[] {
    const { config: { scheduler }, capabilities: { guidanceEmbedded } } = this.model;
    const [first, second] = passesOver(request);
    const { calls } = samplerOf(first, scheduler);
    const secondCalls = second && samplerOf(second, scheduler).calls;
    return passesByStep(request, { calls, secondCalls, guidanceEmbedded });
  }
}
