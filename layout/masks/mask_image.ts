/** Painted masks: what of an image counts as coverage, stretched over the canvas. */

import { double } from "../../elements.ts";
import { colourMatch } from "./colour_match.ts";
import { DUST, type Mask } from "./mask.ts";
import { trimmedMask } from "./trim.ts";

/** An image, row-major [height, width, 4]: red, green, blue and alpha, not premultiplied. */
export interface MaskImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Images by the SHA-256 of their files. */
export type MaskImages = ReadonlyMap<string, MaskImage>;

/** For layouts without painted masks. */
export const NO_IMAGES: MaskImages = new Map();

/** What of a mask image is its coverage: its alpha, its luminance, or the pixels of one colour. */
export type MaskChannel = "ALPHA" | "LUMINANCE" | "COLOUR";

export const MASK_CHANNELS: readonly MaskChannel[] = ["ALPHA", "LUMINANCE", "COLOUR"];

/** How an image is read. */
export interface MaskReading {
  readonly channel: MaskChannel;
  /** `#rrggbb` in lower case: whose pixels are covered under COLOUR; null under the other channels. */
  readonly colour: string | null;
  /** Under COLOUR, how much saturation and value (HSV) may differ, (0, 0.5]; absent: only the colour itself is covered. */
  readonly tolerance?: number;
  /** Covers what it would leave, and leaves what it would cover. */
  readonly inverted: boolean;
}

/** Alpha from which a pixel has a colour: more opaque than not. */
export const OPAQUE = 128;

/**
 * The mask of an image stretched over [height, width] pixels by averaging areas: exact whether the image is larger or
 * smaller than the canvas, and free of the ringing of smoother filters, so full coverage stays full.
 */
export function imageMask(image: MaskImage, reading: MaskReading, width: number, height: number): Mask {
  const columns = spans(image.width, width), lines = spans(image.height, height);
  const data = new Float64Array(width * height);
  const cover = coverageOf(reading);
  const narrowed = new Float64Array(width);
  let loaded = -1;
  lines.forEach((line, y) => {
    const out = data.subarray(y * width, (y + 1) * width);
    for (let j = line.first; j <= line.last; j++) {
      // Neighbouring rows of the canvas share a row of the image; it is read once.
      if (j !== loaded) narrowRow(image, j, cover, columns, narrowed);
      loaded = j;
      const share = shareOf(line, j);
      for (let x = 0; x < width; x++) out[x] = double(out, x) + share * double(narrowed, x);
    }
    // Shares of a third do not add up to 1 in binary.
    for (let x = 0; x < width; x++) out[x] = settled(double(out, x));
  });
  return trimmedMask(data, { left: 0, top: 0, right: width, bottom: height });
}

/** Coverage of one pixel, [0, 1]. */
type Cover = (red: number, green: number, blue: number, alpha: number) => number;

/**
 * ALPHA: alpha / 255. LUMINANCE: Rec. 709 luma of the sRGB values, `0.2126 R + 0.7152 G + 0.0722 B`, times alpha; not
 * linear light, so that a mask's middle grey is a half. COLOUR: 1 where the pixel has that colour, within the tolerance (see
 * {@link colourMatch}), and an alpha of at least 128, else 0.
 */
function coverageOf({ inverted, ...reading }: MaskReading): Cover {
  const cover = channelCover(reading);
  return inverted ? (red, green, blue, alpha) => 1 - cover(red, green, blue, alpha) : cover;
}

function channelCover({ channel, colour, tolerance = 0 }: Omit<MaskReading, "inverted">): Cover {
  switch (channel) {
    case "ALPHA":
      return (_red, _green, _blue, alpha) => alpha / 255;
    case "LUMINANCE":
      // In whole numbers, so that white is exactly 1.
      return (red, green, blue, alpha) => (2126 * red + 7152 * green + 722 * blue) * alpha / (10_000 * 255 * 255);
    case "COLOUR": {
      const matches = colourMatch(colour ?? "", tolerance);
      return (red, green, blue, alpha) => alpha >= OPAQUE && matches(red, green, blue) ? 1 : 0;
    }
  }
}

/** The pixels of the image that fall on one of the canvas: [from, to) in the image's pixels, whole ones first..last. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

function spans(source: number, target: number): readonly Span[] {
  return Array.from({ length: target }, (_, i) => {
    // Multiplied before dividing: pixels that fall on whole pixels do so exactly.
    const from = i * source / target, to = (i + 1) * source / target;
    return { from, to, first: Math.floor(from), last: Math.min(source, Math.ceil(to)) - 1 };
  });
}

/** How much of a span its pixel i is. */
function shareOf({ from, to }: Span, i: number): number {
  return (Math.min(to, i + 1) - Math.max(from, i)) / (to - from);
}

function narrowRow(image: MaskImage, j: number, cover: Cover, columns: readonly Span[], out: Float64Array): void {
  const { data } = image;
  columns.forEach((span, x) => {
    let sum = 0;
    for (let i = span.first; i <= span.last; i++) {
      const at = (j * image.width + i) * 4;
      // Pixels of the image, and so in range.
      sum += shareOf(span, i) * cover(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0);
    }
    out[x] = sum;
  });
}

function settled(value: number): number {
  return value < DUST ? 0 : value > 1 - DUST ? 1 : value;
}
