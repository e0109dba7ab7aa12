/** Painted masks: images, stretched over the canvas. */

import { type FieldPath, InvalidInputError } from "../../errors.ts";
import type { Maybe } from "../../problems.ts";
import { keywordsOf } from "../limits.ts";
import { imageMask, MASK_CHANNELS, type MaskChannel, type MaskImage, type MaskReading } from "../masks/mask_image.ts";
import { ASSET_PATTERN, COLOUR_PATTERN, readColour, readMaskAsset } from "../resolve/mask_asset.ts";
import { defineOnce, type SvgCanvas } from "../svg/canvas.ts";
import { contourPath, maskField } from "../svg/contours.ts";
import { element } from "../svg/markup.ts";
import type { Canvas, ShapeKind } from "./kind.ts";

/** A painted mask; whether its image has been uploaded is seen where it is drawn. */
export interface MaskShape extends MaskReading {
  readonly kind: "MASK";
  /** The SHA-256 of the image file, 64 lower-case hex digits. */
  readonly asset: string;
}

/** A painted mask as callers send it. */
export interface MaskSpec {
  /** The image's SHA-256, or the URL under which this server offers it. */
  readonly asset: string;
  /** Default: COLOUR with a colour, else LUMINANCE. */
  readonly channel?: Maybe<MaskChannel>;
  readonly colour?: Maybe<string>;
  /** Default 0: only the colour itself. */
  readonly tolerance?: Maybe<number>;
  readonly inverted?: Maybe<boolean>;
}

/** Half of all saturations and values: more would take a colour for another. */
const TOLERANCE = { min: 0, max: 0.5 } as const;

/** Cells along the long edge of the grid on which painted masks are traced. */
const TRACED = 256;

/** Coverages at which painted masks change their shade, each with the opacity that lifts what is below to the next. */
const SHADES = [[1 / 8, 1 / 4], [3 / 8, 1 / 3], [5 / 8, 1 / 2], [7 / 8, 1]] as const;

export const MASK: ShapeKind<MaskShape, MaskSpec> = {
  kind: "MASK",
  field: "mask",
  input: {
    description: "A painted mask.",
    type: {
      name: "MaskInput",
      description: "A painted mask: an uploaded image, stretched over the canvas.",
      fields: {
        asset: {
          type: "String",
          description:
            "The image: the `id` that `uploadMask` answered, or the `url` under which this server offers it.",
          keywords: { pattern: ASSET_PATTERN },
        },
        channel: {
          type: "MaskChannel",
          optional: true,
          description: "What of the image is the mask. Default: COLOUR if `colour` is set, else LUMINANCE.",
        },
        colour: {
          type: "String",
          optional: true,
          description: "`#rrggbb`: whose pixels are covered. Required by COLOUR, refused by the others.",
          keywords: { pattern: COLOUR_PATTERN },
        },
        tolerance: {
          type: "Float",
          optional: true,
          description:
            "Of COLOUR: how much a pixel's saturation and value (HSV) may differ from the colour's, 0 to 0.5; its hue may not. Refused by the others. Default 0: only the colour itself.",
          keywords: keywordsOf(TOLERANCE),
        },
        inverted: {
          type: "Boolean",
          optional: true,
          description: "Covers what it would leave, and the other way round. Default false.",
        },
      },
    },
  },
  output: {
    name: "MaskGeometry",
    description: "A painted mask, stretched over the canvas.",
    fields: {
      asset: { type: "String", description: "SHA-256 of the image file, 64 hexadecimal digits." },
      channel: { type: "MaskChannel", description: "What of the image is the mask." },
      colour: {
        type: "String",
        optional: true,
        description: "`#rrggbb`: whose pixels are covered under COLOUR; null under the others.",
      },
      tolerance: {
        type: "Float",
        description:
          "How much saturation and value of a covered pixel may differ from the colour's; 0 under the others.",
        value: ({ tolerance }) => tolerance ?? 0,
      },
      inverted: { type: "Boolean", description: "Whether it covers what it would leave." },
    },
  },

  resolve(spec, path, { problems }) {
    const before = problems.found.length;
    const fields = problems.fields(spec, path);
    if (fields === undefined) return undefined;
    const text = problems.text(fields["asset"], [...path, "asset"]);
    const asset = readMaskAsset(text);
    if (asset === undefined && problems.found.length === before) {
      const rule = "must be an image's 64 lower-case hex digits, or its path on this server";
      problems.add("INVALID_VALUE", [...path, "asset"], text, rule);
    }
    const given = fields["colour"] !== null && fields["colour"] !== undefined;
    const usual = given ? "COLOUR" : "LUMINANCE";
    const channel = problems.choice(fields["channel"], [...path, "channel"], MASK_CHANNELS, usual) ?? "LUMINANCE";
    const colour = given ? readColour(problems.text(fields["colour"], [...path, "colour"])) ?? null : null;
    if (channel === "COLOUR" && !given) {
      problems.add("INVALID_VALUE", [...path, "colour"], fields["colour"], "must be set for channel COLOUR");
    } else if (channel !== "COLOUR" && given) {
      problems.add("INVALID_VALUE", [...path, "colour"], fields["colour"], `must not be set for channel ${channel}`);
    } else if (typeof fields["colour"] === "string" && colour === null) {
      problems.add("INVALID_VALUE", [...path, "colour"], fields["colour"], 'must be "#" and six hex digits');
    }
    const tolerance = problems.number(fields["tolerance"], [...path, "tolerance"], { ...TOLERANCE, fallback: 0 });
    if (tolerance > 0 && channel !== "COLOUR") {
      problems.add("INVALID_VALUE", [...path, "tolerance"], tolerance, `must not be set for channel ${channel}`);
    }
    const inverted = problems.flag(fields["inverted"], [...path, "inverted"], false);
    if (problems.found.length > before || asset === undefined) return undefined;
    return { kind: "MASK", asset, channel, colour, ...(tolerance > 0 ? { tolerance } : {}), inverted };
  },

  spec: ({ asset, channel, colour, tolerance, inverted }) => ({
    asset,
    ...(channel === (colour === null ? "LUMINANCE" : "COLOUR") ? {} : { channel }),
    ...(colour === null ? {} : { colour }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(inverted ? { inverted } : {}),
  }),

  image: ({ asset }) => ({ asset, field: "asset" }),
  mask: (shape, canvas, path) => imageMask(findImage(shape, canvas, path), shape, canvas.width, canvas.height),
  fill: (shape, canvas) => element("use", { href: defineOnce(keyOf(shape), () => shades(shape, canvas), canvas) }),
  edges: (shape, canvas) => element("path", { d: tracedPath(shape, canvas, 0.5) }),
};

function findImage({ asset }: MaskShape, { images }: Canvas, path: FieldPath): MaskImage {
  const image = images.get(asset);
  if (image !== undefined) return image;
  throw new InvalidInputError("INVALID_GEOMETRY", [...path, "asset"], asset, "must be an uploaded image");
}

function keyOf({ asset, channel, colour, tolerance, inverted }: MaskShape): string {
  return JSON.stringify([asset, channel, colour, tolerance, inverted]);
}

/** A painted mask in four shades, each over the one before it. */
function shades(mask: MaskShape, canvas: SvgCanvas): string {
  return SHADES.map(([threshold, opacity]) =>
    element("path", { d: tracedPath(mask, canvas, threshold), "fill-rule": "evenodd", "fill-opacity": opacity })
  ).join("");
}

function tracedPath(shape: MaskShape, { width, height, images }: SvgCanvas, threshold: number): string {
  const image = images.get(shape.asset);
  if (image === undefined) return "";
  const coarse = Math.min(1, TRACED / Math.max(width, height));
  const columns = Math.max(1, Math.round(width * coarse)), rows = Math.max(1, Math.round(height * coarse));
  const field = maskField(imageMask(image, shape, columns, rows), columns, rows);
  return contourPath(field, threshold, { x: width / columns, y: height / rows });
}
