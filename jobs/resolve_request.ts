/** From a caller's input to a request with every choice made, or to everything that is wrong with it. */

import { type FieldPath, InvalidInputError, InvalidInputErrors } from "../errors.ts";
import type { ModelCatalog, UsableModel } from "../compute/model/catalog.ts";
import type { RegionMode } from "../compute/pipeline/denoise.ts";
import type { GenerationRequest, PreviewMethod } from "../compute/pipeline/request.ts";
import {
  createSampler,
  findSampler,
  findSchedule,
  samplerOfFolder,
  samplers,
  scheduleNames,
} from "../compute/sampler/registry.ts";
import type { ImageFormat } from "../image/format.ts";
import type { Layout, LayoutSpec } from "../layout/layout.ts";
import type { MaskImages } from "../layout/masks/mask_image.ts";
import { promptProblems } from "../layout/prompt_problems.ts";
import { layoutPrompts } from "../layout/prompts.ts";
import { resolveLayout } from "../layout/resolve/resolve.ts";
import { checkGuidance, type Fail } from "./check_guidance.ts";
import type { MaskLibrary } from "./mask_library.ts";
import { pictureSize } from "./picture_size.ts";

/** What this deployment accepts. */
export interface RequestLimits {
  readonly maxRegions: number;
  readonly maxSteps: number;
  /** Longest edge of a picture in pixels. */
  readonly maxEdge: number;
  /** Longest prompt in characters, the common prompt included. */
  readonly maxPromptLength: number;
  /** Size of an uploaded file. */
  readonly maxUploadBytes: number;
}

/** The limits of a server that sets none. */
export const DEFAULT_LIMITS: RequestLimits = {
  maxRegions: 32,
  maxSteps: 150,
  maxEdge: 2048,
  maxPromptLength: 10_000,
  maxUploadBytes: 8 * 2 ** 20,
};

/** Characters of all prompts of a layout together: they are read on the thread that answers everybody. */
const MAX_CHARACTERS = 200_000;

type Maybe<T> = T | null | undefined;

/** A request as callers send it; what is absent or null takes its default. */
export interface RequestSpec {
  /** Default: the first usable model by name. */
  readonly model?: Maybe<string>;
  readonly layout: LayoutSpec;
  /** Default: by the layout's aspect, else the model's native size; see {@link pictureSize}. */
  readonly width?: Maybe<number>;
  readonly height?: Maybe<number>;
  /** Default: the model's. */
  readonly steps?: Maybe<number>;
  /** Default: the sampler of the model's own scheduler file, else `euler`. */
  readonly sampler?: Maybe<string>;
  /** Default: what the sampler's name implies, else the model's own. */
  readonly schedule?: Maybe<string>;
  /** Default: the model's. */
  readonly guidanceScale?: Maybe<number>;
  /** The part of the steps that is guided, in fractions. Default: all, 0 to 1. */
  readonly guidanceStart?: Maybe<number>;
  readonly guidanceEnd?: Maybe<number>;
  /** Default `linear`. */
  readonly previews?: Maybe<PreviewMethod>;
  /** Default: drawn by `randomSeed`. */
  readonly seed?: Maybe<number>;
  /** Default `attention`. */
  readonly mode?: Maybe<RegionMode>;
  /** Default PNG. */
  readonly format?: Maybe<ImageFormat>;
}

/** What the checks need to know beside the request. */
export interface RequestSurroundings {
  readonly catalog: ModelCatalog;
  readonly limits: RequestLimits;
  /** Where the images of painted masks are. */
  readonly masks: Pick<MaskLibrary, "imagesOf">;
  /** A seed from 0 to 2^32 - 1. */
  readonly randomSeed: () => number;
  /** Where the request stands in the caller's input; `["input"]` unless told. */
  readonly path?: FieldPath;
}

/** A request, its model and the images of its masks, or every problem with it in the order of its fields. */
export type RequestResolution =
  | { readonly request: GenerationRequest; readonly model: UsableModel; readonly images: MaskImages }
  | { readonly problems: readonly InvalidInputError[] };

const MAX_GUIDANCE = 100;

/**
 * Checks a request and fills in its defaults. Nothing is drawn: whether regions leave holes where the policy is ERROR is
 * what `checkCoverage` sees.
 */
export async function resolveRequest(
  spec: RequestSpec,
  surroundings: RequestSurroundings,
): Promise<RequestResolution> {
  const { catalog, limits, masks, randomSeed, path = ["input"] } = surroundings;
  const problems: InvalidInputError[] = [];
  const fail: Fail = (code, field, value, rule) => {
    problems.push(new InvalidInputError(code, [...path, field].flat(), value, rule));
  };

  const model = findModel(spec.model, catalog, fail);
  const resolution = resolveLayout(spec.layout, { maxRegions: limits.maxRegions, path: [...path, "layout"] });
  const layout = "layout" in resolution ? resolution.layout : undefined;
  if ("problems" in resolution) problems.push(...resolution.problems);
  const readable = layout !== undefined && checkPromptLengths(layout, limits, fail);
  const images = layout === undefined ? undefined : await loadImages(layout, masks, [...path, "layout"], problems);

  const multiple = model?.capabilities.sizeMultiple ?? 1;
  const aspect = layout?.aspect ?? null;
  const checkEdge = (field: "width" | "height", edge: number) => {
    const open = (spec[field] ?? undefined) === undefined;
    if (open && edge > limits.maxEdge && aspect !== null) {
      const rule = `must give edges of at most ${limits.maxEdge} pixels: here the ${field} would be ${edge}`;
      fail("INVALID_SIZE", ["layout", "aspect"], aspect, rule);
    } else if (!Number.isInteger(edge) || edge < multiple || edge % multiple !== 0) {
      fail("INVALID_SIZE", field, edge, `must be a multiple of ${multiple} pixels`);
    } else if (edge > limits.maxEdge) {
      fail("INVALID_SIZE", field, edge, `must be at most ${limits.maxEdge} pixels`);
    }
  };
  const nativeSize = model?.capabilities.nativeSize ?? multiple;
  const { width, height } = pictureSize(spec, aspect, { nativeSize, sizeMultiple: multiple });
  checkEdge("width", width);
  checkEdge("height", height);

  const steps = spec.steps ?? model?.defaults.steps ?? 1;
  const stepsKnown = Number.isInteger(steps) && steps >= 1 && steps <= limits.maxSteps;
  if (layout !== undefined && readable) {
    const countable = stepsKnown && problems.length === 0 ? steps : null;
    problems.push(...promptProblems(layout, countable, [...path, "layout"]));
  }
  if (!stepsKnown) fail("OUT_OF_RANGE", "steps", steps, `must be a whole number from 1 to ${limits.maxSteps}`);
  const guidanceScale = spec.guidanceScale ?? model?.defaults.guidanceScale ?? 1;
  if (!Number.isFinite(guidanceScale)) fail("NOT_A_NUMBER", "guidanceScale", guidanceScale, "must be a finite number");
  else if (guidanceScale < 0 || guidanceScale > MAX_GUIDANCE) {
    fail("OUT_OF_RANGE", "guidanceScale", guidanceScale, `must be from 0 to ${MAX_GUIDANCE}`);
  }
  const fraction = (field: "guidanceStart" | "guidanceEnd", fallback: number) => {
    const value = spec[field] ?? fallback;
    if (!(value >= 0 && value <= 1)) fail("OUT_OF_RANGE", field, value, "must be from 0 to 1");
    return value;
  };
  const guidanceStart = fraction("guidanceStart", 0);
  const guidanceEnd = fraction("guidanceEnd", 1);
  if (guidanceStart >= guidanceEnd) {
    fail("OUT_OF_RANGE", "guidanceEnd", guidanceEnd, `must be greater than guidanceStart, which is ${guidanceStart}`);
  }
  const previews = spec.previews ?? "linear";
  if (previews === "autoencoder" && model?.tinyDecoder === false) {
    fail("UNSUPPORTED", "previews", previews, "must be linear: this model's folder has no taesd_decoder");
  }
  const { sampler, schedule } = findSamplerAndSchedule(spec, model, fail);
  const seed = spec.seed ?? randomSeed();
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    fail("OUT_OF_RANGE", "seed", seed, "must be a whole number from 0 to 4294967295");
  }

  const mode = spec.mode ?? "attention";
  if (model !== undefined && layout !== undefined) {
    checkGuidance(layout, { guidanceScale, mode, capabilities: model.capabilities }, fail);
  }

  if (problems.length > 0 || model === undefined || layout === undefined || images === undefined) return { problems };
  const request: GenerationRequest = {
    model: model.name,
    layout,
    savedLayout: null,
    width,
    height,
    steps,
    sampler,
    schedule,
    guidanceScale,
    guidanceStart,
    guidanceEnd,
    previews,
    seed,
    mode,
    format: spec.format ?? "PNG",
  };
  try {
    createSampler({ sampler, config: model.config.scheduler, steps, schedule });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { problems: [new InvalidInputError(error.code, [...path, ...error.path], error.value, error.rule)] };
  }
  return { request, model, images };
}

/** The images of a layout's masks; undefined where some have problems, which are then noted. */
async function loadImages(
  layout: Layout,
  masks: RequestSurroundings["masks"],
  path: FieldPath,
  problems: InvalidInputError[],
): Promise<MaskImages | undefined> {
  try {
    return await masks.imagesOf(layout, path);
  } catch (error) {
    if (!(error instanceof InvalidInputErrors)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function findModel(name: Maybe<string>, catalog: ModelCatalog, fail: Fail): UsableModel | undefined {
  const entries = catalog.list();
  const usable = entries.flatMap((entry) => "config" in entry ? [entry] : []);
  if (name === null || name === undefined) {
    if (usable[0] === undefined) {
      fail("UNKNOWN_MODEL", "model", name, "must name a model, and the models folder has none");
    }
    return usable[0];
  }
  const entry = entries.find((e) => e.name === name);
  if (entry === undefined) {
    fail("UNKNOWN_MODEL", "model", name, `must be one of ${usable.map((model) => model.name).join(", ")}`);
    return undefined;
  }
  if ("refused" in entry) {
    fail("UNSUPPORTED", "model", name, `must be a usable model; ${entry.refused}`);
    return undefined;
  }
  return entry;
}

function findSamplerAndSchedule(
  spec: RequestSpec,
  model: UsableModel | undefined,
  fail: Fail,
): Pick<GenerationRequest, "sampler" | "schedule"> {
  const own = model === undefined ? undefined : samplerOfFolder(model.config.scheduler);
  const name = spec.sampler ?? own?.name ?? "euler";
  const found = findSampler(name);
  if (found === undefined) {
    fail("UNKNOWN_SAMPLER", "sampler", name, `must be one of ${samplers.map((s) => s.name).join(", ")}`);
  }
  const asked = spec.schedule ?? undefined;
  const schedule = asked === undefined ? found?.schedule ?? "model" : findSchedule(asked);
  if (schedule === undefined) {
    fail("INVALID_VALUE", "schedule", asked, `must be one of ${scheduleNames.join(", ")}`);
  }
  return { sampler: found?.definition.name ?? name, schedule: schedule ?? "model" };
}

/** Refuses prompts, common prompts included, that are longer than this deployment accepts, each or together; false if they are. */
export function checkPromptLengths(layout: Layout, { maxPromptLength }: RequestLimits, fail: Fail): boolean {
  const { positive, negative } = layoutPrompts(layout);
  const lengths = [...positive, ...negative].map((prompt) => prompt.length);
  const longest = Math.max(...lengths), all = lengths.reduce((sum, length) => sum + length, 0);
  if (longest > maxPromptLength) {
    fail("OUT_OF_RANGE", "layout", longest, `must have prompts of at most ${maxPromptLength} characters`);
  } else if (all > MAX_CHARACTERS) {
    fail("OUT_OF_RANGE", "layout", all, `must have prompts of at most ${MAX_CHARACTERS} characters together`);
  }
  return longest <= maxPromptLength && all <= MAX_CHARACTERS;
}
