/** The autoencoder: latents <-> pictures. */

import { type LatentFormat, toAutoencoder } from "../families/latent_format.ts";
import { encodeFolded } from "../graph/fold_constants.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import { TINY_DECODER } from "./config.ts";
import type { ModelGraphs } from "./model_graphs.ts";

/** Turns latents into a picture. */
export class VaeDecoder {
  private constructor(private readonly session: Session, private readonly format: LatentFormat) {}

  static async load(runtime: Runtime, graphs: ModelGraphs): Promise<VaeDecoder> {
    const session = await runtime.createSession(encodeFolded(graphs.take("vae_decoder")));
    return new VaeDecoder(session, graphs.config.latents);
  }

  /** The folder's tiny autoencoder, which takes latents as samplers use them, unscaled. */
  static async loadTiny(runtime: Runtime, graphs: ModelGraphs): Promise<VaeDecoder> {
    const session = await runtime.createSession(encodeFolded(graphs.take(TINY_DECODER)));
    return new VaeDecoder(session, { ...graphs.config.latents, scale: 1, shift: 0 });
  }

  /**
   * Decodes latents.
   * @param latents [1, C, h, w] as samplers use them.
   * @returns [1, 3, h * factor, w * factor], about -1 (black) to 1 (white), not clamped.
   */
  async decode(latents: Tensor): Promise<Tensor> {
    const data = toAutoencoder(latents.data, this.format);
    return only(await this.session.run({ latent_sample: { dims: latents.dims, data } }));
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** Turns a picture into latents. */
export class VaeEncoder {
  private constructor(private readonly session: Session, private readonly format: LatentFormat) {}

  static async load(runtime: Runtime, graphs: ModelGraphs): Promise<VaeEncoder> {
    const session = await runtime.createSession(encodeFolded(graphs.take("vae_encoder")));
    return new VaeEncoder(session, graphs.config.latents);
  }

  /**
   * The distribution of a picture's latents.
   * @param image [1, 3, H, W] from -1 to 1.
   * @returns [1, 2 C, h, w]: mean, then log variance, before the scaling factor.
   */
  async parameters(image: Tensor): Promise<Tensor> {
    return only(await this.session.run({ sample: image }));
  }

  /**
   * Latents of a picture, drawn from their distribution: mean + deviation x noise (`DiagonalGaussianDistribution` of
   * diffusers, which limits the log variance to -30..20).
   * @param image [1, 3, H, W] from -1 to 1.
   * @param noise [C, h, w], unit-normal.
   * @returns [1, C, h, w] as samplers use them, that is multiplied by the scaling factor.
   * @throws {UnsupportedGraphError} if the graph gives anything else than means and log variances.
   */
  async sample(image: Tensor, noise: Float32Array): Promise<Tensor> {
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
