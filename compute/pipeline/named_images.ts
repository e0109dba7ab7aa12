/** Images of words that were found, as plain data. */

import type { MaskImage, MaskImages } from "../../layout/masks/mask_image.ts";

/** An image, with what it is called where layouts name images. */
export type NamedImage = MaskImage & { readonly name: string };

export function namedImages(images: MaskImages): readonly NamedImage[] {
  return [...images].map(([name, image]) => ({ ...image, name }));
}

/** The same by name again. */
export function imagesByName(images: readonly NamedImage[]): MaskImages {
  return new Map(images.map(({ name, ...image }) => [name, image]));
}
