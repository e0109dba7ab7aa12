/** Which stored images a request reads, and where its input names them. */

import { type FieldPath, InvalidInputError, InvalidInputErrors } from "../errors.ts";
import { type MaskImages, NO_IMAGES } from "../layout/masks/mask_image.ts";
import { maskUses } from "../layout/masks/mask_uses.ts";
import { type KnownImages, missingMask } from "./known_images.ts";
import type { PictureRequest } from "../compute/pipeline/request.ts";

/** A use of an image. */
export interface ImageUse {
  /** The SHA-256 of its file. */
  readonly asset: string;
  /** What is wrong where it is not there. */
  readonly missing: InvalidInputError;
}

/** What of a request names images. */
export type ImageRequest = Pick<PictureRequest, "layout" | "init">;

/** Every image: of the layout's masks, of the picture to start from and of its mask. */
export function imageUses({ layout, init }: ImageRequest): readonly ImageUse[] {
  const masks = maskUses(layout).map((use) => ({ asset: use.asset, missing: missingMask(use, ["input", "layout"]) }));
  return [...masks, ...initUses(init)];
}

/** The images of a request, decoded, with those of its layout's masks at hand. */
export async function imagesOf(
  { layout, init }: ImageRequest,
  library: KnownImages,
): Promise<MaskImages> {
  const images = new Map(await library.imagesOf(layout, ["input", "layout"]));
  for (const { asset, missing } of initUses(init)) {
    const found = await library.find(asset);
    if (found === null) throw new InvalidInputErrors([missing]);
    images.set(asset, found.image);
  }
  return images.size === 0 ? NO_IMAGES : images;
}

/** The problem with an image that is not there, or is another's. */
export function missingImage(path: FieldPath, value: string): InvalidInputError {
  return new InvalidInputError("UNKNOWN_IMAGE", path, value, "must be the id or URL of an uploaded image");
}

function initUses(init: ImageRequest["init"]): readonly ImageUse[] {
  if (init === undefined) return [];
  const area = init.mask?.area;
  return [
    { asset: init.image, missing: missingImage(["input", "initImage"], init.image) },
    ...area?.kind === "IMAGE" ? [{ asset: area.image, missing: missingImage(["input", "maskImage"], area.image) }] : [],
  ];
}
