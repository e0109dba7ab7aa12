/** The images of painted masks as what they cover: white, as opaque as the mask is there. */

import { signal } from "@preact/signals";
import { client } from "../api/client.ts";
import { MaskAssetDocument, type MaskInput } from "../api/generated.ts";
import { authorization } from "../api/key.ts";
import { colourMatch } from "../../../layout/masks/colour_match.ts";
import type { Box, Point } from "../draft/geometry.ts";
import { waitingMask } from "./mask_store.ts";

/** The long edge in pixels up to which masks are shown. */
const SHOWN = 1024;

interface Coverage {
  readonly canvas: HTMLCanvasElement;
  /** Row-major opacities, 0 to 255; read once they are asked for. */
  readonly alpha: () => Uint8ClampedArray;
  /** The smallest box around what it covers at all, in fractions; null for nothing. */
  readonly box: () => Box | null;
}

const known = new Map<string, Coverage | "loading" | "missing">();

/** Where images of masks lie that nobody has to be asked for. */
const places = new Map<string, string>();

/** Tells where the image of a mask lies. */
export function knowPlace(asset: string, url: string): void {
  places.set(asset, url);
}

/** Counts loaded images: what draws them reads it, and so draws again. */
export const masksLoaded = signal(0);

/** What a mask covers; null while its image is on its way. */
export function maskCoverage(mask: MaskInput): HTMLCanvasElement | null {
  const found = known.get(keyOf(mask));
  if (found === undefined) void load(mask);
  return typeof found === "object" ? found.canvas : null;
}

/** Takes what was painted here as the coverage of a mask. */
export function rememberMask(asset: string, canvas: HTMLCanvasElement): void {
  known.set(keyOf({ asset }), withAlpha(canvas));
  masksLoaded.value++;
}

/** Forgets a mask that nothing refers to any more. */
export function forgetMask(asset: string): void {
  known.delete(keyOf({ asset }));
}

/** The smallest box around what a mask covers; null where it covers nothing, or its image is on its way. */
export function maskBox(mask: MaskInput): Box | null {
  if (maskCoverage(mask) === null) return null;
  const found = known.get(keyOf(mask));
  return typeof found === "object" ? found.box() : null;
}

/** Whether a mask covers a point by more than half, as far as its image has been loaded. */
export function maskAt(mask: MaskInput, { x, y }: Point): boolean {
  const found = known.get(keyOf(mask));
  if (typeof found !== "object" || x < 0 || y < 0 || x >= 1 || y >= 1) return false;
  const { canvas: { width, height }, alpha } = found;
  return (alpha()[Math.floor(y * height) * width + Math.floor(x * width)] ?? 0) > 127;
}

function keyOf({ asset, channel, colour, tolerance, inverted }: MaskInput): string {
  return JSON.stringify([asset, channel ?? null, colour ?? null, tolerance ?? 0, inverted ?? false]);
}

async function load(mask: MaskInput): Promise<void> {
  known.set(keyOf(mask), "loading");
  try {
    const place = waitingMask(mask.asset) ?? places.get(mask.asset) ?? await placeOf(mask.asset);
    const response = await fetch(place, { headers: place.startsWith("data:") ? {} : authorization() });
    if (!response.ok) throw new Error(`The mask's image cannot be read: ${response.status}`);
    const image = await createImageBitmap(await response.blob(), { premultiplyAlpha: "none" });
    known.set(keyOf(mask), coverageOf(image, mask));
  } catch {
    known.set(keyOf(mask), "missing"); // the dry run says so, at the mask
  }
  masksLoaded.value++;
}

async function placeOf(asset: string): Promise<string> {
  const { data } = await client.query(MaskAssetDocument, { id: asset });
  if (!data?.maskAsset) throw new Error("There is no such mask");
  return data.maskAsset.url;
}

function coverageOf(image: ImageBitmap, mask: MaskInput): Coverage {
  const scale = Math.min(1, SHOWN / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("This browser has no canvas");
  // Averaged colours are none of the mask's.
  context.imageSmoothingEnabled = !mask.colour;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const covers = cover(mask);
  const { data } = pixels;
  for (let i = 0; i < data.length; i += 4) {
    const share = covers(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0, data[i + 3] ?? 0);
    data[i] = data[i + 1] = data[i + 2] = 255;
    data[i + 3] = mask.inverted ? 255 - share : share;
  }
  context.putImageData(pixels, 0, 0);
  return withAlpha(canvas);
}

type Cover = (red: number, green: number, blue: number, alpha: number) => number;

function cover({ channel, colour, tolerance }: MaskInput): Cover {
  if (colour) {
    const matches = colourMatch(colour, tolerance ?? 0);
    return (red, green, blue, alpha) => alpha >= 128 && matches(red, green, blue) ? 255 : 0;
  }
  if (channel === "ALPHA") return (_red, _green, _blue, alpha) => alpha;
  return (red, green, blue, alpha) => (0.2126 * red + 0.7152 * green + 0.0722 * blue) * alpha / 255;
}

function withAlpha(canvas: HTMLCanvasElement): Coverage {
  const alpha = once(() => {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
    return Uint8ClampedArray.from({ length: pixels.length / 4 }, (_, i) => pixels[4 * i + 3] ?? 0);
  });
  return { canvas, alpha, box: once(() => boxAround(alpha(), canvas.width, canvas.height)) };
}

function boxAround(alpha: Uint8ClampedArray, width: number, height: number): Box | null {
  let left = width, top = height, right = 0, bottom = 0;
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i] === 0) continue;
    const x = i % width, y = Math.floor(i / width);
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = y + 1;
  }
  if (right === 0) return null;
  return { x: left / width, y: top / height, width: (right - left) / width, height: (bottom - top) / height };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
