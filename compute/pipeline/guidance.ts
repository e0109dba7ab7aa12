/** Classifier-free guidance (Ho & Salimans 2022, arXiv:2207.12598), with a scale that may differ from cell to cell. */

import { float, nth } from "../../elements.ts";
import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import type { PictureRequest } from "./request.ts";

/** Calls [first, end) of the sampler. */
export interface CallRange {
  readonly first: number;
  readonly end: number;
}

/** A request's scales: one per weight map, the base prompt's first. */
export function guidanceScales(
  { guidanceScale, layout }: Pick<PictureRequest, "guidanceScale" | "layout">,
): readonly number[] {
  return [guidanceScale, ...layout.regions.map((region) => region.guidanceScale ?? guidanceScale)];
}

/** The calls of `calls` that a request guides, if it guides any. */
export function guidedCalls(
  { guidanceStart, guidanceEnd }: Pick<PictureRequest, "guidanceStart" | "guidanceEnd">,
  calls: number,
): CallRange {
  return { first: Math.round(guidanceStart * calls), end: Math.round(guidanceEnd * calls) };
}

/**
 * Whether the unconditional prediction has a say: not where all scales are 1.
 * @param embedded Whether the UNet takes the scale as an input, and does the rest itself.
 */
export function isGuided(scales: readonly number[], embedded: boolean): boolean {
  return !embedded && scales.some((s) => s !== 1);
}

/** One scale for the picture, or one per latent cell. */
export type GuidanceScale = number | Float32Array;

/**
 * The scale of each cell, s = sum_r W_r s_r; a single number where all s_r are equal.
 * @param scales One per weight map, the base prompt's first.
 * @param maps Null for a plain picture.
 */
export function guidanceScale(scales: readonly number[], maps: WeightMaps | null): GuidanceScale {
  const first = nth(scales, 0);
  if (maps === null || scales.every((s) => s === first)) return first;
  const cells = maps.height * maps.width;
  const scale = new Float32Array(cells);
  for (let r = 0; r < maps.count; r++) {
    const s = nth(scales, r);
    for (let i = 0; i < cells; i++) scale[i] = float(scale, i) + float(maps.data, r * cells + i) * s;
  }
  return scale;
}

/**
 * D = D_u + s (D_c - D_u), in place of `cond`.
 * @param cond [1, C, h, w] predictions; a scale per cell holds for all channels.
 */
export function guide(cond: Float32Array, uncond: Float32Array, scale: GuidanceScale): void {
  const cells = typeof scale === "number" ? cond.length : scale.length;
  for (let i = 0; i < cond.length; i++) {
    const u = float(uncond, i);
    const s = typeof scale === "number" ? scale : float(scale, i % cells);
    cond[i] = u + s * (float(cond, i) - u);
  }
}
