/** A second pass: the picture of the first one, enlarged, noised in part and denoised again at its new size. */

import { float } from "../../elements.ts";
import { resize } from "../../image/resize.ts";
import type { VaeDecoder } from "../model/vae.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import type { PictureRequest } from "./request.ts";
import { bandsToBytes, toParts } from "./rgb_image.ts";
import type { Start, StartOptions } from "./start.ts";

/** What the start is made from. */
export interface SecondStartOptions extends StartOptions {
  /** [1, C, h, w], finished, of the first pass. */
  readonly latents: Tensor;
  readonly upscale: NonNullable<PictureRequest["secondPass"]>["upscale"];
  /** Of the second pass, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Asked for where the picture is to be decoded. */
  readonly decoder: () => Promise<Pick<VaeDecoder, "bands">>;
}

/** The start of a second pass, as that of diffusers' image-to-image pipelines from the enlarged latents or picture. */
export async function startOfSecond(options: SecondStartOptions): Promise<Start> {
  const { noise, maps, sampler, begin } = options;
  const enlarged = await enlarge(options);
  const unit = noise.drawStart(maps);
  const start = { dims: enlarged.dims, data: sampler.addNoise(enlarged.data, unit, begin) };
  return { start, holds: [], beside: null, finish: (painted) => painted };
}

async function enlarge({ latents, upscale, width, height, config, ...options }: SecondStartOptions): Promise<Tensor> {
  if (upscale === "latent") return enlargeLatents(latents, height / config.vaeFactor, width / config.vaeFactor);
  const [, , rows, columns] = shapeOf(latents, 4);
  const bands = (await options.decoder()).bands(latents);
  const picture = await bandsToBytes(bands, { width: columns * config.vaeFactor, height: rows * config.vaeFactor });
  const { data } = resize({ ...picture, channels: 3 }, width, height);
  const encoder = await options.encoder();
  return await encoder.sample(
    toParts({ width, height, data: new Uint8Array(data) }),
    options.noise.draw(options.maps),
  );
}

/**
 * Latents at another size, interpolated linearly between the centres of cells along both axes (`torch.nn.functional.
 * interpolate`, mode `bilinear`, `align_corners` false).
 * @param latents [1, C, h, w]
 */
export function enlargeLatents(latents: Tensor, height: number, width: number): Tensor {
  const [batch, channels, rows, columns] = shapeOf(latents, 4);
  const data = new Float32Array(channels * height * width);
  const across = Array.from({ length: width }, (_, x) => between(x, width, columns));
  for (let y = 0; y < height; y++) {
    const down = between(y, height, rows);
    for (let c = 0; c < channels; c++) {
      const upper = (c * rows + down.first) * columns, lower = (c * rows + down.second) * columns;
      across.forEach(({ first, second, part }, x) => {
        const top = (1 - part) * float(latents.data, upper + first) + part * float(latents.data, upper + second);
        const bottom = (1 - part) * float(latents.data, lower + first) + part * float(latents.data, lower + second);
        data[(c * height + y) * width + x] = (1 - down.part) * top + down.part * bottom;
      });
    }
  }
  return { dims: [batch, channels, height, width], data };
}

/** The two of `from` cells between whose centres the centre of the `i`th of `to` cells lies, and how far it is along. */
function between(i: number, to: number, from: number): { first: number; second: number; part: number } {
  const at = Math.max(0, (i + 0.5) * from / to - 0.5);
  const first = Math.floor(at);
  return { first, second: Math.min(first + 1, from - 1), part: at - first };
}
