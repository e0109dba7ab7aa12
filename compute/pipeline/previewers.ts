/** A model's previews by either method: what each takes is loaded once. */

import type { DiffusionModel } from "../model/model.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { fitPreviewMap, type PreviewMap } from "./preview.ts";
import type { PreviewMaps } from "./preview_maps.ts";
import type { PreviewMethod } from "./request.ts";
import { type RgbImage, shrink } from "./rgb_image.ts";

/** The longest edge of previews from an autoencoder, in pixels. */
const PREVIEW_EDGE = 256;

/** Makes a preview of latents [1, C, h, w]. */
export type Previewer = (latents: Tensor) => Promise<RgbImage>;

/** A model's previewers. */
export class Previewers {
  #map: Promise<PreviewMap> | undefined;

  /** @param maps Where preview maps are kept. */
  constructor(private readonly model: DiffusionModel, private readonly maps: PreviewMaps) {}

  /** The one of a method. */
  async by(method: PreviewMethod): Promise<Previewer> {
    if (method === "autoencoder") {
      const decoder = await this.model.previewDecoder();
      const { vaeFactor } = this.model.config;
      return async (latents) => {
        const [, , height, width] = shapeOf(latents, 4);
        const size = { height: height * vaeFactor, width: width * vaeFactor };
        return await shrink(decoder.bands(latents), size, PREVIEW_EDGE);
      };
    }
    this.#map ??= this.#findOrFit().catch((error) => {
      this.#map = undefined; // a failed fit may be tried again
      throw error;
    });
    const map = await this.#map;
    return (latents) => {
      const [, , height, width] = shapeOf(latents, 4);
      return Promise.resolve(map.render(latents.data, height, width));
    };
  }

  async #findOrFit(): Promise<PreviewMap> {
    const found = this.maps.find(this.model);
    if (found !== undefined) return found;
    const map = await fitPreviewMap(await this.model.vaeDecoder(), this.model.config.latents.channels);
    this.maps.keep(this.model, map);
    return map;
  }
}
