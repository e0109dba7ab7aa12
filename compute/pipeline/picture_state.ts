/** Where a picture stands after a step: all that is needed to go on from there to the same bytes. */

import { nth } from "../../elements.ts";
import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { ModelConfig } from "../model/config.ts";
import type { AttentionCost } from "../model/regional_feeds.ts";
import type { Denoising, DenoisingStep, PathPoint } from "./denoise.ts";
import type { SamplerMemory } from "../sampler/sampler.ts";
import { imagesByName, type NamedImage, namedImages } from "./named_images.ts";
import type { PictureRequest } from "./request.ts";
import type { RegionNoise } from "./region_noise.ts";

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
  readonly before: PassEnd | null;
  /** Of the last step. */
  readonly attention: readonly AttentionCost[];
  /** Where the time has gone, in milliseconds. */
  readonly timing: Readonly<Record<"loadMs" | "encodeMs" | "denoiseMs" | "decodeMs", number>>;
}

/** What a pass came to, as far as the next one needs it. */
export interface PassEnd {
  /** [C, h, w], each of the paths in the order of `heldRuns`: that of the picture is the last. */
  readonly paths: readonly Float32Array[];
  /** The images of the words that were found, as canvases have them. */
  readonly found: readonly NamedImage[];
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

/** The end of a pass whose paths have come so far. */
export function endOf(paths: readonly Pick<PathPoint, "sample">[], found: MaskImages): PassEnd {
  return { paths: paths.map(({ sample }) => sample), found: namedImages(found) };
}

/** The images that an earlier pass found, by name. */
export function foundImages(before: Pick<PassEnd, "found"> | null): MaskImages {
  return imagesByName(before?.found ?? []);
}

/**
 * What the first pass came to, as a state of the second one tells it.
 * @param dims Of its latents.
 * @param paths How many it had.
 * @throws {ForeignStateError} if it does not, or has others.
 */
export function endBefore(state: PictureState | null, dims: readonly number[], paths: number): PassEnd {
  const end = state?.before ?? null;
  const size = dims.reduce((product, n) => product * n);
  if (end === null || end.paths.length !== paths || !end.paths.every((path) => isLatents(path, size))) {
    throw new ForeignStateError("Cannot go on in a second pass: the first one's latents are not the request's");
  }
  return end;
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
  const fits = path !== undefined && isLatents(path.sample, data.length) && path.drawn >= noise.drawn &&
    isMemory(path.memory, data.length);
  if (!fits) {
    throw new ForeignStateError(`Cannot go on after call ${call}: path ${k} is not the request's`);
  }
  sampler.memory = path.memory;
  noise.skipTo(path.drawn);
  return { start: { dims, data: path.sample }, begin: call + 1 };
}

/** Whether it is what samplers remember: arrays of latents. */
function isMemory(value: SamplerMemory, size: number): boolean {
  return typeof value === "object" && value !== null &&
    Object.values(value).every((arrays) => Array.isArray(arrays) && arrays.every((array) => isLatents(array, size)));
}

/** Whether it is latents of that size. Those that are not finite come to nothing, wherever they are gone on from. */
function isLatents(value: unknown, size: number): boolean {
  return value instanceof Float32Array && value.length === size && value.every(Number.isFinite);
}
