/** A request's windows: how large a prediction is, and how much all of them are. */

import type { PictureRequest } from "./request.ts";
import { type Window, windowsAlong, windowsOf } from "../windows.ts";

/** What of a request decides on its windows. */
export type WindowedRequest = Pick<PictureRequest, "width" | "height" | "windows">;

/** Pixels of what the UNet sees at once: the whole picture, or a window. */
export function predictedSize(
  { width, height, windows }: WindowedRequest,
): { readonly width: number; readonly height: number } {
  if (windows === undefined) return { width, height };
  return { width: Math.min(width, windows.size), height: Math.min(height, windows.size) };
}

/** The share of the picture that the UNet sees at once, 0 < share <= 1. */
export function predictedShare(request: WindowedRequest): number {
  if (request.windows === undefined) return 1;
  const { width, height } = predictedSize(request);
  return width * height / (request.width * request.height);
}

/** The windows of a picture: 1 where it is seen as a whole. */
export function windowCount({ width, height, windows }: WindowedRequest): number {
  return windows === undefined ? 1 : windowsAlong(width, windows) * windowsAlong(height, windows);
}

/** The windows in latent cells; undefined where the picture is seen as a whole. */
export function latentWindows({ width, height, windows }: WindowedRequest, factor: number): Window[] | undefined {
  const grid = windows && { size: windows.size / factor, overlap: windows.overlap / factor };
  return grid && windowsOf({ width: width / factor, height: height / factor }, grid);
}
