/** A request's second pass: how large, and how many steps. */

import { whereFound } from "../../layout/words.ts";
import { predictedSize, type WindowedRequest } from "./picture_windows.ts";
import type { PictureRequest } from "./request.ts";
import { type StepsRequest, stepsTaken } from "./strength.ts";

/** What a pass over the picture takes of a request; the second starts from the first at a strength. */
export type PaintingPass = Omit<PictureRequest, "init" | "secondPass"> & StepsRequest;

/** The second pass as a request of its own; undefined for none. */
export function secondPassOf<T extends Pick<PictureRequest, "width" | "height" | "secondPass"> & StepsRequest>(
  { secondPass, init: _, ...request }: T,
): (Omit<T, "secondPass" | "init"> & { readonly init: { readonly strength: number } }) | undefined {
  if (secondPass === undefined) return undefined;
  const { scale, strength, steps } = secondPass;
  const { width, height } = request;
  return { ...request, width: width * scale, height: height * scale, steps, init: { strength } };
}

/** The passes over a request's picture: the first, and the second if there is one, for which words have been found. */
export function passesOver(request: PictureRequest): readonly [PaintingPass, PaintingPass | undefined] {
  const second = secondPassOf(request);
  return [request, second && { ...second, layout: whereFound(second.layout) }];
}

/** Pixels of the finished picture. */
export function finishedSize(
  { width, height, secondPass }: Pick<PictureRequest, "width" | "height" | "secondPass">,
): { readonly width: number; readonly height: number } {
  const scale = secondPass?.scale ?? 1;
  return { width: width * scale, height: height * scale };
}

/** The steps that a request takes in all its passes. */
export function allStepsTaken(request: StepsRequest & Pick<PictureRequest, "secondPass">): number {
  const { secondPass: second } = request;
  const more = second === undefined ? 0 : stepsTaken({ steps: second.steps, init: { strength: second.strength } });
  return stepsTaken(request) + more;
}

/** What a request is worth beside others: the pixels of each pass times its steps. */
export function pixelSteps(
  request: StepsRequest & Pick<PictureRequest, "width" | "height" | "secondPass">,
): number {
  const second = secondPassOf(request);
  const first = request.width * request.height * stepsTaken(request);
  return first + (second === undefined ? 0 : second.width * second.height * stepsTaken(second));
}

/** Pixels of the largest prediction that a request takes. */
export function largestPrediction(
  request: WindowedRequest & StepsRequest & Pick<PictureRequest, "secondPass">,
): { readonly width: number; readonly height: number } {
  return predictedSize(secondPassOf(request) ?? request);
}
