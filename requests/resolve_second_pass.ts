/** The second pass of a request: how large its picture is, and how much of it is painted anew. */

import type { UsableModel } from "../compute/model/catalog.ts";
import { inpaintingChannels } from "../compute/model/capabilities.ts";
import type { InitPicture, SecondPass } from "../compute/pipeline/request.ts";
import { stepsOfStrength } from "../compute/pipeline/strength.ts";
import type { Maybe } from "../problems.ts";
import type { Fail } from "./fail.ts";
import type { RequestLimits } from "./limits.ts";

/** A second pass as callers ask for it; what is absent or null takes its default. */
export interface SecondPassSpec {
  /** How many times as wide and high the finished picture is, more than 1. */
  readonly scale: number;
  /** Default `pixel`. */
  readonly upscale?: Maybe<SecondPass["upscale"]>;
  /** 0 < strength <= 1. Default 0.5. */
  readonly strength?: Maybe<number>;
  /** Default: the first pass's. */
  readonly steps?: Maybe<number>;
}

/** What the checks need to know beside it. */
export interface SecondPassSurroundings {
  readonly model: UsableModel | undefined;
  readonly limits: Pick<RequestLimits, "maxEdge" | "maxSteps">;
  /** Of the first pass, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly steps: number;
  readonly init: InitPicture | undefined;
}

const STRENGTH = 0.5;

/** Checks a second pass and fills in what it leaves open; undefined for none. */
export function resolveSecondPass(
  spec: Maybe<SecondPassSpec>,
  { model, limits, size, init, ...first }: SecondPassSurroundings,
  fail: Fail,
): SecondPass | undefined {
  if (spec === null || spec === undefined) return undefined;
  const at = (field: keyof SecondPassSpec) => ["secondPass", field];
  const { scale } = spec;
  const { strength, steps, upscale } = {
    strength: spec.strength ?? STRENGTH,
    steps: spec.steps ?? first.steps,
    upscale: spec.upscale ?? "pixel",
  };
  if (!(scale > 1)) fail("OUT_OF_RANGE", at("scale"), scale, "must be more than 1");
  else checkSize(scale, { size, model, limits }, fail);
  const countable = Number.isInteger(steps) && steps >= 1 && steps <= limits.maxSteps;
  if (!countable) fail("OUT_OF_RANGE", at("steps"), steps, `must be a whole number from 1 to ${limits.maxSteps}`);
  if (!(strength > 0 && strength <= 1)) {
    fail("OUT_OF_RANGE", at("strength"), strength, "must be greater than 0 and at most 1");
  } else if (countable && stepsOfStrength(steps, strength) === 0) {
    fail("OUT_OF_RANGE", at("strength"), strength, `must leave a step: at least 1 / ${steps} of ${steps} steps`);
  }
  if (model !== undefined && upscale === "pixel" && !model.encoder) {
    fail("UNSUPPORTED", at("upscale"), upscale, "must be latent: this model's folder has no vae_encoder");
  }
  if (model !== undefined && inpaintingChannels(model.config) > 0) {
    fail("UNSUPPORTED", "secondPass", scale, "must not be set: this is an inpainting model");
  }
  if (init !== undefined && init.mask !== null) {
    fail(
      "UNSUPPORTED",
      "secondPass",
      scale,
      "must not be set with a mask: a part of the picture would be painted twice",
    );
  }
  return { scale, upscale, strength, steps };
}

function checkSize(
  scale: number,
  { size, model, limits: { maxEdge } }: Pick<SecondPassSurroundings, "size" | "model"> & {
    limits: { maxEdge: number };
  },
  fail: Fail,
): void {
  const multiple = model?.capabilities.sizeMultiple ?? 1;
  for (const field of ["width", "height"] as const) {
    const edge = size[field] * scale;
    if (edge > maxEdge) {
      const rule = `must give edges of at most ${maxEdge} pixels: here the ${field} would be ${edge}`;
      fail("INVALID_SIZE", ["secondPass", "scale"], scale, rule);
    } else if (!Number.isInteger(edge) || edge % multiple !== 0) {
      const rule = `must give edges that are multiples of ${multiple} pixels: here the ${field} would be ${edge}`;
      fail("INVALID_SIZE", ["secondPass", "scale"], scale, rule);
    }
  }
}
