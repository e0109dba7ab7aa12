/** Where a region that is found by words lies, as it is recorded. */

import type { GenerationImage } from "./generation.ts";

/** A mask that was found while its picture was painted. */
export interface RegionMask {
  /** The region's name. */
  readonly region: string;
  /** The words that it shows; a region that is made of several shapes may have several. */
  readonly words: string;
  /** White where the words were found; a pixel per latent cell. */
  readonly image: GenerationImage;
}
