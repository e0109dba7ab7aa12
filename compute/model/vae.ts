/** The autoencoder: latents <-> pictures. */

import { type LatentFormat, toAutoencoder } from "../families/latent_format.ts";
import { encodeFolded } from "../graph/fold_constants.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { TINY_DECODER } from "./config.ts";
import type { WindowGrid } from "../windows.ts";
import { type Band, decodeByTiles, encodeByTiles, gather, type PictureParts, tilesFor } from "./tiles.ts";
import type { ModelGraphs } from "./model_graphs.ts";

/** Turns latents into a picture. */
export class VaeDecoder {
  private constructor(
    private readonly session: Session,
    private readonly format: LatentFormat,
    private readonly factor: number,
    /** How large pictures are cut, see tiles.ts. */
    readonly tiles: WindowGrid,
  ) {}

  static async load(runtime: Runtime, graphs: ModelGraphs): Promise<VaeDecoder> {
    const file = graphs.take("vae_decoder");
    const tiles = tilesFor(file);
    const session = await runtime.createSession(encodeFolded(file));
    return new VaeDecoder(session, graphs.config.latents, graphs.config.vaeFactor, tiles);
  }

  /** The folder's tiny autoencoder, which takes latents as samplers use them, unscaled. */
  static async loadTiny(runtime: Runtime, graphs: ModelGraphs): Promise<VaeDecoder> {
    const file = graphs.take(TINY_DECODER);
    const tiles = tilesFor(file);
    const session = await runtime.createSession(encodeFolded(file));
    return new VaeDecoder(session, { ...graphs.config.latents, scale: 1, shift: 0 }, graphs.config.vaeFactor, tiles);
  }

  /**
   * Decodes latents, by tiles where they are large; see tiles.ts.
   * @param latents [1, C, h, w] as samplers use them.
   * @returns [1, 3, h * factor, w * factor], about -1 (black) to 1 (white), not clamped.
   */
  async decode(latents: Tensor, tiles: WindowGrid = this.tiles): Promise<Tensor> {
    const [, , height, width] = shapeOf(latents, 4);
    const size = { height: height * this.factor, width: width * this.factor };
    return await gather(this.bands(latents, tiles), size);
  }

  /** The same picture's rows from the top to the bottom, as they are done: a few of them are in memory at once. */
  bands(latents: Tensor, tiles: WindowGrid = this.tiles): AsyncGenerator<Band, void, undefined> {
    return decodeByTiles(latents, this.factor, tiles, async ({ dims, data }) => {
      const unscaled = toAutoencoder(data, this.format);
      return only(await this.session.run({ latent_sample: { dims, data: unscaled } }));
    });
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** Turns a picture into latents. */
export class VaeEncoder {
  private constructor(
    private readonly session: Session,
    private readonly format: LatentFormat,
    private readonly factor: number,
    /** How large pictures are cut, see tiles.ts. */
    readonly tiles: WindowGrid,
  ) {}

  static async load(runtime: Runtime, graphs: ModelGraphs): Promise<VaeEncoder> {
    const file = graphs.take("vae_encoder");
    const tiles = tilesFor(file);
    const session = await runtime.createSession(encodeFolded(file));
    return new VaeEncoder(session, graphs.config.latents, graphs.config.vaeFactor, tiles);
  }

  /**
   * The distribution of a picture's latents, found by tiles where it is large; see tiles.ts.
   * @returns [1, 2 C, h, w]: mean, then log variance, before the scaling factor.
   */
  async parameters(image: PictureParts, tiles: WindowGrid = this.tiles): Promise<Tensor> {
    return await encodeByTiles(
      image,
      this.factor,
      tiles,
      async (tile) => only(await this.session.run({ sample: tile })),
    );
  }

  /**
   * Latents of a picture, drawn from their distribution: mean + deviation x noise (`DiagonalGaussianDistribution` of
   * diffusers, which limits the log variance to -30..20).
   * @param noise [C, h, w], unit-normal.
   * @returns [1, C, h, w] as samplers use them, that is multiplied by the scaling factor.
   * @throws {UnsupportedGraphError} if the graph gives anything else than means and log variances.
   */
  async sample(image: PictureParts, noise: Float32Array): Promise<Tensor> {
    const { channels, scale, shift } = this.format;
    const { dims: [batch = 1, found, ...size], data } = await this.parameters(image);
    if (found !== 2 * channels) {
      throw new UnsupportedGraphError(
        `the vae_encoder gives ${found} channels, not the means and log variances of ${channels}`,
      );
    }
    const latents = noise.map((unit, i) => {
      const deviation = Math.exp(0.5 * Math.min(20, Math.max(-30, data[noise.length + i] ?? 0)));
      return ((data[i] ?? 0) + deviation * unit - shift) * scale;
    });
    return { dims: [batch, channels, ...size], data: latents };
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

function only(outputs: ReadonlyMap<string, Tensor>): Tensor {
  const [output] = outputs.values();
  if (output === undefined) throw new Error("The autoencoder gave no output");
  return output;
}
