/** From a caller's input to a request with every choice made, or to everything that is wrong with it. */

import type { ModelCatalog, UsableModel } from "../compute/model/catalog.ts";
import type { PictureRequest, PreviewMethod } from "../compute/pipeline/request.ts";
import { type FieldPath, InvalidInputError, InvalidInputErrors } from "../errors.ts";
import type { Layout } from "../layout/layout.ts";
import type { MaskImages } from "../layout/masks/mask_image.ts";
import { promptProblems } from "../layout/prompt_problems.ts";
import { resolveLayout } from "../layout/resolve/resolve.ts";
import { checkGuidance } from "./check_guidance.ts";
import { checkPromptLengths } from "./check_prompt_lengths.ts";
import { checkWords } from "./check_words.ts";
import type { Fail } from "./fail.ts";
import { findModel } from "./find_model.ts";
import type { RequestLimits } from "./limits.ts";
import type { MaskLibrary } from "./mask_library.ts";
import type { RequestSpec } from "./request_spec.ts";
import { resolveGuidance } from "./resolve_guidance.ts";
import { countCalls, resolveSampler } from "./resolve_sampler.ts";
import { resolveSize } from "./resolve_size.ts";

/** What the checks need to know beside the request. */
export interface RequestSurroundings {
  readonly catalog: ModelCatalog;
  readonly limits: RequestLimits;
  /** Where the images of painted masks are. */
  readonly masks: Pick<MaskLibrary, "imagesOf">;
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
  const size = resolveSize(spec, layout?.aspect ?? null, model, limits, fail);
  const steps = spec.steps ?? model?.defaults.steps ?? 1;
  const countable = Number.isInteger(steps) && steps >= 1 && steps <= limits.maxSteps;
  if (readable) {
    problems.push(...promptProblems(layout, countable && problems.length === 0 ? steps : null, LAYOUT_PATH));
  }
  if (!countable) fail("OUT_OF_RANGE", "steps", steps, `must be a whole number from 1 to ${limits.maxSteps}`);
  const guidance = resolveGuidance(spec, model, fail);
  const previews = checkPreviews(spec.previews ?? "linear", model, fail);
  const sampling = resolveSampler(spec, model, fail);
  const seed = checkSeed(spec.seed ?? randomSeed(), fail);
  const mode = spec.mode ?? "attention";
  if (model !== undefined && layout !== undefined) {
    checkGuidance(layout, { ...guidance, mode, capabilities: model.capabilities }, fail);
  }
  if (problems.length > 0 || model === undefined || layout === undefined || images === undefined) return { problems };

  const format = spec.format ?? "PNG";
  const request = { model: model.name, layout, ...size, steps, ...sampling, ...guidance, previews, seed, mode, format };
  const calls = countCalls(request, model, fail);
  if (calls === undefined) return { problems };
  checkWords(layout, { tokenizers: catalog.tokenizers.get(model.config), steps, calls }, fail);
  return problems.length > 0 ? { problems } : { request, model, images, calls };
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

function checkSeed(seed: number, fail: Fail): number {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    fail("OUT_OF_RANGE", "seed", seed, "must be a whole number from 0 to 4294967295");
  }
  return seed;
}
