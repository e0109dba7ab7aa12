/** The autoencoder: latents <-> pictures. */

import { type LatentFormat, toAutoencoder } from "../families/latent_format.ts";
import { encodeFolded } from "../graph/fold_constants.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { TINY_DECODER } from "./config.ts";
import type { WindowGrid } from "../windows.ts";
import { AutoencoderHalves, halvesOf } from "./autoencoder_halves.ts";
import { type Band, decodeByTiles, encodeByTiles, gather, looksAtAll, type PictureParts, tilesFor } from "./tiles.ts";
import type { ModelGraphs } from "./model_graphs.ts";

/** Turns latents into a picture. */
export class VaeDecoder {
  private constructor(
    private readonly session: Session,
    private readonly format: LatentFormat,
    private readonly factor: number,
    private readonly tiling: Tiling,
  ) {}

  static async load(runtime: Runtime, graphs: ModelGraphs): Promise<VaeDecoder> {
    const { session, tiling } = await open(runtime, graphs, "vae_decoder");
    return new VaeDecoder(session, graphs.config.latents, graphs.config.vaeFactor, tiling);
  }

  /** The folder's tiny autoencoder, which takes latents as samplers use them, unscaled. */
  static async loadTiny(runtime: Runtime, graphs: ModelGraphs): Promise<VaeDecoder> {
    const { session, tiling } = await open(runtime, graphs, TINY_DECODER);
    return new VaeDecoder(session, { ...graphs.config.latents, scale: 1, shift: 0 }, graphs.config.vaeFactor, tiling);
  }

  /** How large pictures are cut, see tiles.ts; in latent cells. */
  get tiles(): WindowGrid {
    return this.tiling.tiles;
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
  async *bands(latents: Tensor, tiles: WindowGrid = this.tiles): AsyncGenerator<Band, void, undefined> {
    const unscaled = { ...latents, data: toAutoencoder(latents.data, this.format) };
    const [, , height, width] = shapeOf(latents, 4);
    const halves = Math.max(height, width) > tiles.size ? await this.tiling.halves() : undefined;
    if (halves !== undefined) return yield* halves.decode(unscaled, tiles.size);
    yield* decodeByTiles(unscaled, this.factor, tiles, async (tile) => {
      return only(await this.session.run({ latent_sample: tile }));
    });
  }

  async release(): Promise<void> {
    await this.session.release();
    await this.tiling.release();
  }
}

/** Turns a picture into latents. */
export class VaeEncoder {
  private constructor(
    private readonly session: Session,
    private readonly format: LatentFormat,
    private readonly factor: number,
    private readonly tiling: Tiling,
  ) {}

  static async load(runtime: Runtime, graphs: ModelGraphs): Promise<VaeEncoder> {
    const { session, tiling } = await open(runtime, graphs, "vae_encoder");
    return new VaeEncoder(session, graphs.config.latents, graphs.config.vaeFactor, tiling);
  }

  /**
   * The distribution of a picture's latents, found by tiles where it is large; see tiles.ts.
   * @returns [1, 2 C, h, w]: mean, then log variance, before the scaling factor.
   */
  async parameters(image: PictureParts, tiles: WindowGrid = this.tiling.tiles): Promise<Tensor> {
    const edge = Math.max(image.height, image.width) / this.factor;
    const halves = edge > tiles.size ? await this.tiling.halves() : undefined;
    if (halves !== undefined) return await halves.encode(image, tiles.size);
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

  async release(): Promise<void> {
    await this.session.release();
    await this.tiling.release();
  }
}

/** How an autoencoder does what is larger than a tile. */
interface Tiling {
  readonly tiles: WindowGrid;
  /** Its halves, loaded when they are first asked for; undefined where tiles are fused. */
  readonly halves: () => Promise<AutoencoderHalves | undefined>;
  readonly release: () => Promise<void>;
}

async function open(
  runtime: Runtime,
  graphs: ModelGraphs,
  part: string,
): Promise<{ readonly session: Session; readonly tiling: Tiling }> {
  const { nativeSize, vaeFactor } = graphs.config;
  const file = graphs.take(part);
  const seen = !looksAtAll(file) ? "NEIGHBOURS" : halvesOf(file) === undefined ? "TILE" : "ALL";
  let loaded: Promise<AutoencoderHalves | undefined> | undefined;
  const load = async () => {
    // The file is read again: few pictures need its halves, and it is large.
    const halves = seen === "ALL" ? halvesOf(graphs.take(part)) : undefined;
    return halves && await AutoencoderHalves.load(runtime, halves, vaeFactor);
  };
  const tiling = {
    tiles: tilesFor(seen, nativeSize / vaeFactor),
    halves: () =>
      loaded ??= load().catch((error) => {
        loaded = undefined; // a failed load may be tried again
        throw error;
      }),
    release: async () => await (await loaded)?.release(),
  };
  return { session: await runtime.createSession(encodeFolded(file)), tiling };
}

function only(outputs: ReadonlyMap<string, Tensor>): Tensor {
  const [output] = outputs.values();
  if (output === undefined) throw new Error("The autoencoder gave no output");
  return output;
}
