/** What the calls of a pass are predicted from. It is made from the request alone, so that whoever makes it has the same. */

import { type MaskImages, NO_IMAGES } from "../../layout/masks/mask_image.ts";
import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import type { DiffusionModel } from "../model/model.ts";
import { type CallSource, createPredictors, type Predictors } from "./calls.ts";
import { guidanceScales, guidedCalls } from "./guidance.ts";
import { samplerOf, weightMapsByCall } from "./painting_pass.ts";
import { latentWindows } from "./picture_windows.ts";
import { modeByCall } from "./predictor.ts";
import { encodePrompts } from "./prompt_contexts.ts";
import { placesOf, type RequestLoras } from "./request_loras.ts";
import type { PaintingPass } from "./second_request.ts";
import type { TakenSteps } from "./taken_steps.ts";
import { WordSearch } from "./word_search.ts";

/** What a pass is prepared with. */
export interface PassSources {
  readonly model: DiffusionModel;
  readonly loras: RequestLoras;
  /** Of the layout's painted masks. */
  readonly images: MaskImages;
  /** Of the words that were found before, by an earlier pass or another worker. */
  readonly found: MaskImages;
  /** Whether words are looked for that were not. */
  readonly searches: boolean;
  /** Waits for a part of the model to be loaded. */
  readonly loading: <T>(part: Promise<T>) => Promise<T>;
}

/** A pass before its first call. Its maps are compiled, and its keys and values projected, when they are first needed. */
export interface PreparedPass extends CallSource {
  readonly predictors: Predictors;
  readonly mapsAt: (call: number) => WeightMaps | null;
  /** How often the sampler calls the denoiser in all the steps. */
  readonly calls: number;
  readonly taken: TakenSteps;
  /** Training timesteps, by call. */
  readonly timesteps: readonly number[];
  /** Null where no words are looked for. */
  readonly search: WordSearch | null;
}

/** Encodes a pass's prompts and opens its UNet. */
export async function preparePass(request: PaintingPass, sources: PassSources): Promise<PreparedPass> {
  const { model, loras, images, found, searches, loading } = sources;
  const { config } = model;
  const text = await loading(model.textEncoder(loras.whole));
  const { sampler: { timesteps }, calls, taken } = samplerOf(request, config.scheduler);
  const contexts = await encodePrompts(
    async (prompt) => {
      const own = loras.regions[prompt - 1] ?? [];
      return { text: await loading(model.textEncoder([...loras.whole, ...own])), loras: own };
    },
    request.layout,
    { ...request, calls },
  );
  // After the encoders, which may have to make room for it.
  const openUnet = (options?: { readonly words: boolean }) => loading(unetOf(request, model, loras, options));
  const search = searches
    ? await WordSearch.open({ text, config, openUnet }, { request, calls, begin: taken.begin })
    : null;
  const unet = search?.unet ?? await openUnet();

  const { vaeFactor: factor } = config;
  const scales = guidanceScales(request);
  const windows = latentWindows(request, factor);
  const size = { height: request.height / factor, width: request.width / factor };
  const imagesNow = () => new Map([...images, ...found, ...search?.images ?? NO_IMAGES]);
  return {
    unet,
    predictors: createPredictors({ unet, ...size, guidanceScales: scales, ...windows && { windows } }),
    ...contexts,
    mapsAt: weightMapsByCall(request, imagesNow, { factor, calls, begin: taken.begin }),
    mode: modeByCall(request, calls),
    guidanceScales: scales,
    guidedCalls: guidedCalls(request, calls),
    calls,
    taken,
    timesteps,
    search,
  };
}

/** The UNet of a request: as it is in its file, or with LoRAs. */
export function unetOf(
  { regionalLora }: Pick<PaintingPass, "regionalLora">,
  model: DiffusionModel,
  loras: RequestLoras,
  options?: { readonly words: boolean },
): ReturnType<DiffusionModel["unet"]> {
  return model.unet(loras.whole, regionalLora === "WEIGHTED" ? placesOf(loras.regions) : [], options);
}
