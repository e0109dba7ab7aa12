/** From a caller's input to a request with every choice made, or to everything that is wrong with it. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { PictureRequest, PreviewMethod, Variation } from "../compute/pipeline/request.ts";
import { takenSteps } from "../compute/pipeline/taken_steps.ts";
import { secondPassOf } from "../compute/pipeline/second_request.ts";
import { type FieldPath, InvalidInputError, InvalidInputErrors } from "../errors.ts";
import type { Layout } from "../layout/layout.ts";
import type { MaskImages } from "../layout/masks/mask_image.ts";
import { promptProblems } from "../layout/prompt_problems.ts";
import { resolveLayout } from "../layout/resolve/resolve.ts";
import { checkGuidance } from "./check_guidance.ts";
import { checkLoras, readLoras } from "./check_loras.ts";
import { checkPromptLengths } from "./check_prompt_lengths.ts";
import { checkWords } from "./check_words.ts";
import type { Fail } from "./fail.ts";
import { checkRerolls } from "./check_rerolls.ts";
import { findModel } from "./find_model.ts";
import { findInitImages, type InitImages } from "./init_images.ts";
import type { RequestLimits } from "./limits.ts";
import type { RequestSpec } from "./request_spec.ts";
import { resolveGuidance } from "./resolve_guidance.ts";
import { resolveInit } from "./resolve_init.ts";
import { countCalls, resolveSampler } from "./resolve_sampler.ts";
import { resolveSecondPass } from "./resolve_second_pass.ts";
import { resolveSize, type SizeSource } from "./resolve_size.ts";
import { resolveWindows } from "./resolve_windows.ts";
import type { KnownImages } from "./known_images.ts";
import type { KnownModels } from "./known_models.ts";

/** What the checks need to know beside the request. */
export interface RequestSurroundings {
  readonly catalog: KnownModels;
  readonly limits: RequestLimits;
  /** Where images are: of painted masks, and to start from. */
  readonly masks: KnownImages;
  /** A seed from 0 to 2^32 - 1. */
  readonly randomSeed: () => number;
}

/** Where a request stands in what a caller sends. */
const PATH: FieldPath = ["input"];
const LAYOUT_PATH: FieldPath = [...PATH, "layout"];

/** A request with every choice made, and what was found out on the way. */
export interface ResolvedRequest {
  readonly request: PictureRequest;
  readonly model: UsableModel;
  /** Of the layout's masks. */
  readonly images: MaskImages;
  /** How often the sampler calls the denoiser in all the steps. */
  readonly calls: number;
  /** The same of the second pass, if there is one. */
  readonly secondCalls?: number | undefined;
}

/** A request, or every problem with it in the order of its fields. */
export type RequestResolution = ResolvedRequest | { readonly problems: readonly InvalidInputError[] };

/**
 * Checks a request and fills in its defaults. Nothing is drawn: whether regions leave holes where the policy is ERROR is
 * what `checkCoverage` sees.
 *
 * @example
 * ```ts
 * const resolution = await resolveRequest({ layout: { basePrompt: "a garden" } }, { catalog, limits, masks, randomSeed });
 * if ("problems" in resolution) throw new InvalidInputErrors(resolution.problems);
 * const { request, calls } = resolution;
 * ```
 */
export async function resolveRequest(
  spec: RequestSpec,
  { catalog, limits, masks, randomSeed }: RequestSurroundings,
): Promise<RequestResolution> {
  const problems: InvalidInputError[] = [];
  const fail: Fail = (code, field, value, rule) => {
    problems.push(new InvalidInputError(code, [...PATH, field].flat(), value, rule));
  };

  const model = findModel(spec.model, catalog, fail);
  const resolution = resolveLayout(spec.layout, { maxRegions: limits.maxRegions, path: LAYOUT_PATH });
  const layout = "layout" in resolution ? resolution.layout : undefined;
  if ("problems" in resolution) problems.push(...resolution.problems);
  const readable = layout !== undefined && checkPromptLengths(layout, limits, fail);
  const images = layout && await loadImages(layout, masks, problems);
  const initImages = await findInitImages(spec, masks, fail);
  const size = resolveSize(spec, sizeSource(initImages, layout), model, limits, fail);
  const steps = spec.steps ?? model?.defaults.steps ?? 1;
  const countable = Number.isInteger(steps) && steps >= 1 && steps <= limits.maxSteps;
  if (readable) {
    problems.push(...promptProblems(layout, countable && problems.length === 0 ? steps : null, LAYOUT_PATH));
  }
  if (!countable) fail("OUT_OF_RANGE", "steps", steps, `must be a whole number from 1 to ${limits.maxSteps}`);
  const guidance = resolveGuidance(spec, model, fail);
  const previews = checkPreviews(spec.previews ?? "linear", model, fail);
  const sampling = resolveSampler(spec, model, fail);
  const seed = checkSeed(spec.seed ?? randomSeed(), "seed", fail);
  const init = resolveInit(spec, { images: initImages, layout, model, size, steps }, fail);
  const variation = resolveVariation(spec, fail);
  const clipSkip = checkClipSkip(spec.clipSkip ?? 1, fail);
  const rerolls = checkRerolls(spec.rerolls ?? [], layout, fail);
  const windows = resolveWindows(spec.windows, model, fail);
  const secondPass = resolveSecondPass(spec.secondPass, { model, limits, size, steps, init }, fail);
  const mode = spec.mode ?? "attention";
  const modeUntil = checkModeUntil(spec.modeUntil ?? 1, mode, fail);
  const loras = readLoras(spec.loras, problems);
  const regionalLora = spec.regionalLora ?? "CONTEXT_ONLY";
  if (model !== undefined && layout !== undefined) {
    checkGuidance(layout, { ...guidance, mode, capabilities: model.capabilities }, fail);
    if (readable) checkLoras(loras, layout, { catalog, model, regionalLora }, fail);
  }
  if (problems.length > 0 || model === undefined || layout === undefined || images === undefined) return { problems };

  const request = {
    model: model.name,
    layout,
    ...size,
    steps,
    ...sampling,
    ...guidance,
    previews,
    seed,
    mode,
    format: spec.format ?? "PNG",
    ...given({ init, variation, rerolls, secondPass, windows }),
    ...given({ modeUntil: unless(1, modeUntil), clipSkip: unless(1, clipSkip) }),
    ...given({ loras: loras.length === 0 ? undefined : loras, regionalLora: unless("CONTEXT_ONLY", regionalLora) }),
  };
  const calls = countCalls(request, model, fail);
  const second = secondPassOf(request);
  const secondCalls = second && countCalls(second, model, fail, "secondPass");
  if (calls === undefined) return { problems };
  const { begin } = takenSteps(request, calls);
  checkWords(layout, { tokenizers: catalog.tokenizers(model.config), steps, calls, begin }, fail);
  if (problems.length > 0) return { problems };
  return { request, model, images, calls, ...secondCalls !== undefined && { secondCalls } };
}

/** What is there of fields that requests need not have: those of before there were any then stay as they are. */
function given<T extends object>(fields: T): { readonly [Name in keyof T]?: Exclude<T[Name], undefined> } {
  // Entries lose the types of their names.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given<T>
  >;
}

function unless<T>(common: T, value: T): T | undefined {
  return value === common ? undefined : value;
}

/** The images of a layout's masks; undefined where some have problems, which are then noted. */
async function loadImages(
  layout: Layout,
  masks: RequestSurroundings["masks"],
  problems: InvalidInputError[],
): Promise<MaskImages | undefined> {
  try {
    return await masks.imagesOf(layout, LAYOUT_PATH);
  } catch (error) {
    if (!(error instanceof InvalidInputErrors)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function checkPreviews(
  previews: PreviewMethod,
  model: Pick<UsableModel, "tinyDecoder"> | undefined,
  fail: Fail,
): PreviewMethod {
  if (previews === "autoencoder" && model?.tinyDecoder === false) {
    fail("UNSUPPORTED", "previews", previews, "must be linear: this model's folder has no taesd_decoder");
  }
  return previews;
}

function checkModeUntil(modeUntil: number, mode: PictureRequest["mode"], fail: Fail): number {
  if (!(modeUntil > 0 && modeUntil <= 1)) {
    fail("OUT_OF_RANGE", "modeUntil", modeUntil, "must be greater than 0 and at most 1");
  } else if (modeUntil < 1 && mode === "latent") {
    const rule = "must be 1 in latent mode: objects that it has begun in the wrong region stay there";
    fail("UNSUPPORTED", "modeUntil", modeUntil, rule);
  }
  return modeUntil;
}

/** What an open size comes from: the picture to start from, else the layout's aspect. */
function sizeSource({ initImage }: InitImages, layout: Layout | undefined): SizeSource | null {
  if (initImage !== undefined) {
    const { image: { width, height }, asset } = initImage;
    return { aspect: width / height, edge: Math.sqrt(width * height), field: ["initImage"], value: asset };
  }
  const aspect = layout?.aspect ?? null;
  return aspect === null ? null : { aspect, field: ["layout", "aspect"], value: aspect };
}

/** A variation is asked for by its strength; its seed alone would be without effect. */
function resolveVariation(
  { variationSeed, variationStrength }: Pick<RequestSpec, "variationSeed" | "variationStrength">,
  fail: Fail,
): Variation | undefined {
  const seed = variationSeed ?? undefined, strength = variationStrength ?? undefined;
  if (seed === undefined && strength === undefined) return undefined;
  if (seed === undefined) fail("INVALID_VALUE", "variationSeed", null, "must be set if variationStrength is");
  else checkSeed(seed, "variationSeed", fail);
  if (strength === undefined) fail("INVALID_VALUE", "variationStrength", null, "must be set if variationSeed is");
  else if (!(strength >= 0 && strength <= 1)) {
    fail("OUT_OF_RANGE", "variationStrength", strength, "must be from 0 to 1");
  }
  return seed === undefined || strength === undefined || strength === 0 ? undefined : { seed, strength };
}

/** Whether the model has such a layer is seen when its graphs are. */
function checkClipSkip(clipSkip: number, fail: Fail): number {
  if (!Number.isInteger(clipSkip) || clipSkip < 1) {
    fail("OUT_OF_RANGE", "clipSkip", clipSkip, "must be a whole number of at least 1");
  }
  return clipSkip;
}

function checkSeed(seed: number, field: "seed" | "variationSeed", fail: Fail): number {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    fail("OUT_OF_RANGE", field, seed, "must be a whole number from 0 to 4294967295");
  }
  return seed;
}
