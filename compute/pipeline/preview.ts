/**
 * Previews: predicted latents -> a small picture, by a linear map instead of the autoencoder.
 *
 * The map is fitted to the model's own decoder once, so it fits any model: latents of random flat blocks are decoded,
 * the picture is averaged over each latent cell, and RGB is regressed on the latent channels. See preview_maps.ts for
 * where it is kept.
 */

import { double, float, nth } from "../../elements.ts";
import { previewBytes } from "../../wasm/preview.ts";
import type { VaeDecoder } from "../model/vae.ts";
import { shapeOf } from "../tensor.ts";
import { NormalNoise } from "./normal_noise.ts";
import { type RgbImage, toBytes } from "./rgb_image.ts";

/** Blocks along each edge of the chart that the map is fitted to, and latent cells along each edge of a block. */
const BLOCKS = 6;
const BLOCK_CELLS = 4;

/** RGB = latents x matrix + offset, from about -1 (black) to 1 (white). */
export class PreviewMap {
  readonly #matrix: Float64Array;

  /** @param coefficients [channels + 1][3]: one row per latent channel, then the offset. */
  constructor(readonly coefficients: readonly (readonly number[])[]) {
    this.#matrix = Float64Array.from(coefficients.flatMap((row) => [nth(row, 0), nth(row, 1), nth(row, 2)]));
  }

  /**
   * The picture of predicted latents, one pixel per latent cell.
   * @param latents [C, h, w]
   */
  render(latents: Float32Array, height: number, width: number): RgbImage {
    const data = previewBytes(latents, this.#matrix, height * width);
    return data === null ? this.renderExactly(latents, height, width) : { width, height, data };
  }

  /** The same without the kernel of `wasm/`, byte for byte. */
  renderExactly(latents: Float32Array, height: number, width: number): RgbImage {
    const cells = height * width;
    const channels = this.coefficients.length - 1;
    const planes = new Float32Array(3 * cells);
    for (let rgb = 0; rgb < 3; rgb++) {
      planes.fill(nth(nth(this.coefficients, channels), rgb), rgb * cells, (rgb + 1) * cells);
      for (let c = 0; c < channels; c++) {
        const weight = nth(nth(this.coefficients, c), rgb);
        for (let i = 0; i < cells; i++) {
          planes[rgb * cells + i] = float(planes, rgb * cells + i) + weight * float(latents, c * cells + i);
        }
      }
    }
    return toBytes(planes, height, width);
  }
}

/** Fits the map to a decoder. Takes one decode of a 24 x 24 latent. */
export async function fitPreviewMap(decoder: Pick<VaeDecoder, "decode">, channels: number): Promise<PreviewMap> {
  const edge = BLOCKS * BLOCK_CELLS;
  const cells = edge * edge;
  const colours = new NormalNoise(0).draw(channels * BLOCKS * BLOCKS);
  const latents = new Float32Array(channels * cells);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < cells; i++) {
      const block = Math.floor(Math.floor(i / edge) / BLOCK_CELLS) * BLOCKS + Math.floor((i % edge) / BLOCK_CELLS);
      latents[c * cells + i] = float(colours, c * BLOCKS * BLOCKS + block);
    }
  }
  const image = await decoder.decode({ dims: [1, channels, edge, edge], data: latents });
  const targets = cellMeans(image.data, shapeOf(image, 4)[3], edge);
  return new PreviewMap(leastSquares(latents, channels, targets, cells));
}

/** Means of a picture [3, edge * factor, edge * factor], clamped to [-1, 1], over each latent cell. */
function cellMeans(image: Float32Array, width: number, edge: number): Float64Array {
  const factor = width / edge;
  const means = new Float64Array(3 * edge * edge);
  for (let i = 0; i < image.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width) % width;
    const plane = Math.floor(i / (width * width));
    const cell = (plane * edge + Math.floor(y / factor)) * edge + Math.floor(x / factor);
    const value = Math.min(1, Math.max(-1, float(image, i)));
    means[cell] = double(means, cell) + value / (factor * factor);
  }
  return means;
}

/** Solves the normal equations of targets ~ latents and a constant, by Gauss-Jordan elimination. */
function leastSquares(
  latents: Float32Array,
  channels: number,
  targets: Float64Array,
  cells: number,
): readonly (readonly number[])[] {
  const n = channels + 1;
  const input = (c: number, i: number) => c === channels ? 1 : float(latents, c * cells + i);
  const rows = Array.from({ length: n }, (_, a) => {
    const row = new Array<number>(n + 3).fill(0);
    for (let i = 0; i < cells; i++) {
      for (let b = 0; b < n; b++) row[b] = nth(row, b) + input(a, i) * input(b, i);
      for (let rgb = 0; rgb < 3; rgb++) {
        row[n + rgb] = nth(row, n + rgb) + input(a, i) * double(targets, rgb * cells + i);
      }
    }
    row[a] = nth(row, a) + 1e-6 * cells; // keeps a channel that the decoder ignores solvable
    return row;
  });
  rows.forEach((pivot, p) => {
    const scale = nth(pivot, p);
    pivot.forEach((v, k) => pivot[k] = v / scale);
    for (const row of rows) {
      const factor = nth(row, p);
      if (row !== pivot) row.forEach((v, k) => row[k] = v - factor * nth(pivot, k));
    }
  });
  return rows.map((row) => row.slice(n));
}
