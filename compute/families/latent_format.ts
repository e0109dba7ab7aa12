/** How the latents that samplers work on differ from those of the autoencoder. */

/** Latents of samplers = (latents of the autoencoder - shift) x scale, of as many channels. */
export interface LatentFormat {
  readonly channels: number;
  readonly scale: number;
  readonly shift: number;
}

/** `vae_decoder/config.json`, as far as it counts here. */
export interface VaeFacts {
  readonly _class_name?: string | null | undefined;
  readonly latent_channels: number;
  readonly scaling_factor?: number | null | undefined;
  readonly shift_factor?: number | null | undefined;
  readonly latents_mean?: unknown;
  readonly latents_std?: unknown;
}

/** Latents as samplers use them -> as the autoencoder decodes them. */
export function toAutoencoder(latents: Float32Array, { scale, shift }: LatentFormat): Float32Array {
  return latents.map((v) => v / scale + shift);
}

/**
 * The `scaling_factor` that diffusers 0.39 assumes where a config of the class has none (the defaults of its constructors in
 * `models/autoencoders`): of the autoencoders of pictures that fit a UNet of Stable Diffusion.
 */
const SCALING_FACTORS: ReadonlyMap<string, number> = new Map([
  ["AutoencoderKL", 0.18215],
  ["AsymmetricAutoencoderKL", 0.18215],
  ["ConsistencyDecoderVAE", 0.18215],
  ["VQModel", 0.18215],
  ["AutoencoderTiny", 1],
]);

/** The format of autoencoders with one factor for all channels, as all versions of Stable Diffusion have them. */
export function scaledLatents(vae: VaeFacts): LatentFormat | { readonly refused: string } {
  // diffusers' pipelines of SDXL scale latents by these, channel by channel, in place of the factor alone.
  if (Array.isArray(vae.latents_mean) || Array.isArray(vae.latents_std)) {
    return { refused: "latents_mean and latents_std, latents scaled by channel, are not supported" };
  }
  const className = vae._class_name ?? "AutoencoderKL"; // what files without a class are of
  const scale = vae.scaling_factor ?? SCALING_FACTORS.get(className);
  if (scale !== undefined) return { channels: vae.latent_channels, scale, shift: vae.shift_factor ?? 0 };
  const known = [...SCALING_FACTORS.keys()].join(", ");
  return { refused: `it has no scaling_factor, and "${className}" is none of ${known}, whose own is known` };
}
