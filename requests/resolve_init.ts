/** The picture that a request starts from, and what of it is painted anew. */

import type { UsableModel } from "../compute/model/catalog.ts";
import type { InitPicture, RepaintMask } from "../compute/pipeline/request.ts";
import { stepsOfStrength } from "../compute/pipeline/strength.ts";
import type { Layout } from "../layout/layout.ts";
import { isUnknownAtStart } from "../layout/words.ts";
import type { Fail } from "./fail.ts";
import type { InitImages } from "./init_images.ts";
import type { RequestSpec } from "./request_spec.ts";

/** The fields of a request that are read here. */
type InitSpec = Pick<
  RequestSpec,
  "initImage" | "strength" | "maskImage" | "maskRegion" | "maskInverted" | "maskFeather"
>;

/** What the checks need to know beside them. */
export interface InitSurroundings {
  readonly images: InitImages;
  /** Undefined where it has problems of its own. */
  readonly layout: Layout | undefined;
  readonly model: UsableModel | undefined;
  /** Of the picture that is painted, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly steps: number;
}

/** The strength of a request that names none: as diffusers' pipelines have it, 0.8 for all of a picture, 1 for a part. */
const STRENGTH = 0.8, STRENGTH_OF_PART = 1;

/** The widest feather, in fractions of the short edge, as that of regions. */
const MAX_FEATHER = 0.5;

/** Checks the fields; undefined for a picture that starts from noise. */
export function resolveInit(spec: InitSpec, surroundings: InitSurroundings, fail: Fail): InitPicture | undefined {
  const { images: { initImage }, model, steps } = surroundings;
  const strength = checkStrength(spec, steps, fail);
  const mask = resolveMask(spec, surroundings, fail);
  if (!isSet(spec.initImage)) {
    refuseWithoutImage(spec, fail);
    return undefined;
  }
  if (model !== undefined && !model.encoder) {
    fail("UNSUPPORTED", "initImage", spec.initImage, "must not be set: this model's folder has no vae_encoder");
  }
  if (initImage === undefined) return undefined;
  checkAspect(initImage.image, surroundings, fail);
  return { image: initImage.asset, strength, mask };
}

function checkStrength(spec: InitSpec, steps: number, fail: Fail): number {
  const { strength } = spec;
  if (strength === null || strength === undefined) {
    return isSet(spec.maskImage) || isSet(spec.maskRegion) ? STRENGTH_OF_PART : STRENGTH;
  }
  if (!(strength > 0 && strength <= 1)) {
    fail("OUT_OF_RANGE", "strength", strength, "must be greater than 0 and at most 1");
  } else if (stepsOfStrength(steps, strength) === 0) {
    fail("OUT_OF_RANGE", "strength", strength, `must leave a step: at least 1 / ${steps} of ${steps} steps`);
  }
  return strength;
}

function refuseWithoutImage(spec: InitSpec, fail: Fail): void {
  for (const field of ["strength", "maskImage", "maskRegion"] as const) {
    if (isSet(spec[field])) fail("INVALID_VALUE", field, spec[field], "must not be set without initImage");
  }
}

function resolveMask(spec: InitSpec, { images, layout }: InitSurroundings, fail: Fail): RepaintMask | null {
  const { maskImage, maskRegion, maskInverted, maskFeather } = spec;
  if (isSet(maskImage) && isSet(maskRegion)) {
    fail("INVALID_VALUE", "maskRegion", maskRegion, "must not be set if maskImage is");
  }
  if (!isSet(maskImage) && !isSet(maskRegion)) {
    for (const [field, value] of Object.entries({ maskInverted, maskFeather })) {
      if (isSet(value)) fail("INVALID_VALUE", field, value, "must not be set without maskImage or maskRegion");
    }
    return null;
  }
  const feather = maskFeather ?? 0;
  if (!(feather >= 0 && feather <= MAX_FEATHER)) {
    fail("OUT_OF_RANGE", "maskFeather", feather, `must be from 0 to ${MAX_FEATHER}`);
  }
  const more = { inverted: maskInverted ?? false, feather };
  if (isSet(maskImage)) return { area: { kind: "IMAGE", image: images.maskImage?.asset ?? "" }, ...more };
  const names = layout?.regions.map(({ name }) => name);
  if (names !== undefined && !names.includes(maskRegion ?? "")) {
    const rule = names.length === 0
      ? "must not be set: the layout has no regions"
      : `must be one of ${names.join(", ")}`;
    fail("INVALID_VALUE", "maskRegion", maskRegion, rule);
  }
  if (layout !== undefined && isUnknownAtStart(layout, maskRegion ?? "")) {
    const rule = "must not depend on words: where they are is only found while the picture is painted";
    fail("INVALID_VALUE", "maskRegion", maskRegion, rule);
  }
  return { area: { kind: "REGION", region: maskRegion ?? "" }, ...more };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Images are resized, but neither cut nor distorted by more than the picture's size is rounded. */
function checkAspect(initImage: Size, { images, size, model }: InitSurroundings, fail: Fail): void {
  const within = model?.capabilities.sizeMultiple ?? 1;
  if (!fits(initImage, size, within)) {
    const rule = `must have the picture's aspect, ${written(size)}, to within ${within} pixels`;
    fail("INVALID_SIZE", "initImage", written(initImage), rule);
  }
  const mask = images.maskImage?.image;
  if (mask !== undefined && !fits(mask, initImage, Math.max(1, initImage.width / mask.width))) {
    fail("INVALID_SIZE", "maskImage", written(mask), `must have the aspect of initImage, ${written(initImage)}`);
  }
}

/** Whether `from` becomes `to` by scaling it, to within so many of `to`'s pixels along one of the edges. */
function fits(from: Size, to: Size, within: number): boolean {
  return Math.abs(from.width * to.height / from.height - to.width) <= within ||
    Math.abs(from.height * to.width / from.width - to.height) <= within;
}

function written({ width, height }: Size): string {
  return `${width} x ${height}`;
}

function isSet<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
