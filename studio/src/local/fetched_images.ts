/** Images that a layout or a start names, fetched from the server and decoded by the browser. */

import { type FieldPath, type InvalidInputError, InvalidInputErrors } from "../../../errors.ts";
import type { Layout } from "../../../layout/layout.ts";
import type { MaskImage, MaskImages } from "../../../layout/masks/mask_image.ts";
import { maskUses } from "../../../layout/masks/mask_uses.ts";
import { type KnownImages, type Mask, missingMask } from "../../../requests/known_images.ts";

/** Images by their hash, each fetched once. */
export class FetchedImages implements KnownImages {
  readonly #known = new Map<string, Promise<MaskImage | null>>();

  /** @param headers With the caller's key. */
  constructor(private readonly headers: Readonly<Record<string, string>>) {}

  /** An image; null if the server has none. */
  async find(asset: string): Promise<Mask | null> {
    const image = await this.#image(asset);
    return image && { asset, format: "PNG", bytes: 0, image, colours: null };
  }

  /** The images that a layout's masks name. @throws {InvalidInputErrors} at each that the server has not. */
  async imagesOf(layout: Pick<Layout, "regions">, path: FieldPath): Promise<MaskImages> {
    const images = new Map<string, MaskImage>();
    const problems: InvalidInputError[] = [];
    for (const use of maskUses(layout)) {
      const image = await this.#image(use.asset);
      if (image !== null) images.set(use.asset, image);
      else problems.push(missingMask(use, path));
    }
    if (problems.length > 0) throw new InvalidInputErrors(problems);
    return images;
  }

  #image(asset: string): Promise<MaskImage | null> {
    const image = this.#known.get(asset) ?? this.#fetch(asset);
    this.#known.set(asset, image);
    return image;
  }

  async #fetch(asset: string): Promise<MaskImage | null> {
    const response = await fetch(`/images/${asset}.png`, { headers: this.headers });
    if (!response.ok) return null;
    const bitmap = await createImageBitmap(await response.blob(), {
      colorSpaceConversion: "none",
      premultiplyAlpha: "none",
    });
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("this browser gives no canvas to decode images with");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, data: new Uint8Array(data.buffer) };
  }
}
