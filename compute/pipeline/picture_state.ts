/** Where a picture stands after a step: all that is needed to go on from there to the same bytes. */

import { nth } from "../../elements.ts";
import type { ModelConfig } from "../model/config.ts";
import type { AttentionCost } from "../model/regional_feeds.ts";
import type { Denoising, DenoisingStep, PathPoint } from "./denoise.ts";
import type { PictureRequest } from "./request.ts";
import type { RegionNoise } from "./region_noise.ts";
import type { FoundMask } from "./word_search.ts";

/**
 * The state after a step, as plain data. What comes before the loop (contexts, the start, masks of a picture) is not in it:
 * it is made again, from the same request, and is the same. Nothing writes to its arrays.
 */
export interface PictureState {
  /** 0 while the picture itself is painted, 1 in its second pass. */
  readonly pass: 0 | 1;
  /** Steps completed, of all passes. */
  readonly completed: number;
  /** The last call of the pass's sampler that was made, counted in its full schedule. */
  readonly call: number;
  /** In the order of `heldRuns`: the paths that the picture is held to, and its own behind them. */
  readonly paths: readonly PathState[];
  /** Attention to each word that is looked for, [h, w], added up so far; null where none is. */
  readonly heat: readonly Float32Array[] | null;
  /** What the first pass came to; null within it. */
  readonly before: FirstPass | null;
  /** Of the last step. */
  readonly attention: readonly AttentionCost[];
  /** Where the time has gone, in milliseconds. */
  readonly timing: Readonly<Record<"loadMs" | "encodeMs" | "denoiseMs" | "decodeMs", number>>;
}

/** What a pass came to, as far as a second one goes on from it. */
export interface FirstPass {
  /** [C, h, w] each: where the paths ended, in the order of `heldRuns`. */
  readonly paths: readonly Float32Array[];
  /** The words that were found, in the order of the layout's. */
  readonly found: readonly FoundMask[];
}

/** A path's point, with its place in the noise. */
export interface PathState extends PathPoint {
  /** How often its noise was drawn from. */
  readonly drawn: number;
}

/** A state that is none of the request's: it cannot be gone on from. */
export class ForeignStateError extends Error {
  override readonly name = "ForeignStateError";
  readonly code = "FOREIGN_STATE";
}

/** The shape of a request's latents, [1, C, h, w]. */
export function latentDims(
  { width, height }: Pick<PictureRequest, "width" | "height">,
  { vaeFactor, latents: { channels } }: Pick<ModelConfig, "vaeFactor" | "latents">,
): readonly number[] {
  return [1, channels, height / vaeFactor, width / vaeFactor];
}

/**
 * What the first pass came to, as a state of the second one tells it.
 * @param expected The shape of its latents, and how many paths it has.
 * @throws {ForeignStateError} if it does not, or has another size.
 */
export function firstPassOf(
  state: PictureState | null,
  { dims, paths }: { readonly dims: readonly number[]; readonly paths: number },
): FirstPass {
  const before = state?.before ?? null;
  const size = dims.reduce((product, n) => product * n);
  if (before === null || before.paths.length !== paths || before.paths.some(({ length }) => length !== size)) {
    throw new ForeignStateError("Cannot go on in a second pass: the first one's latents are not the request's");
  }
  return before;
}

/** The paths after a call, with their places in the noise. */
export function pathStates(
  { paths }: Pick<DenoisingStep, "paths">,
  noises: readonly Pick<RegionNoise, "drawn">[],
): readonly PathState[] {
  return paths.map((path, k) => ({ ...path, drawn: nth(noises, k).drawn }));
}

/**
 * Sets a path that stands before its first call to where it was after a later one: its sampler, its noise, and what is
 * returned.
 * @param k Its place among the paths.
 * @throws {ForeignStateError} if the state has no such path, or one of another size.
 */
export function pathAfter(
  { call, paths }: Pick<PictureState, "call" | "paths">,
  k: number,
  { start: { dims, data }, sampler }: Pick<Denoising, "start" | "sampler">,
  noise: RegionNoise,
): Pick<Denoising, "start" | "begin"> {
  const path = paths[k];
  if (path === undefined || path.sample.length !== data.length || path.drawn < noise.drawn) {
    throw new ForeignStateError(`Cannot go on after call ${call}: path ${k} is not the request's`);
  }
  sampler.memory = path.memory;
  noise.skipTo(path.drawn);
  return { start: { dims, data: path.sample }, begin: call + 1 };
}
