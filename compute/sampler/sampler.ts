/** What every sampler is: a walk from noise to a picture, one denoiser call per entry of `timesteps`. */

/** Unit-normal noise of the sample's length; each call draws the next. Injected, so that samplers stay pure. */
export type NoiseSource = () => Float32Array;

/**
 * What a sampler remembers of its calls, as plain data: lists of arrays of the sample's length, by name. Empty before the
 * first call, and always for samplers that remember nothing.
 */
export type SamplerMemory = Readonly<Record<string, readonly Float32Array[]>>;

/** The outcome of one step. */
export interface SamplerStep {
  /** The sample to denoise next, same length as the input. */
  readonly sample: Float32Array;
  /** The prediction of the finished, noise-free sample (x0) that this step was based on; what previews show. */
  readonly predOriginal: Float32Array;
}

/**
 * One walk through one schedule. Multistep samplers remember earlier outputs, so an instance serves a single
 * generation and its steps are taken in order. Arrays handed in are never written to, but may be kept or handed back:
 * neither side writes to one afterwards.
 */
export interface Sampler {
  /** Training timesteps at which the denoiser is called, in order. Heun-like samplers list a timestep twice. */
  readonly timesteps: readonly number[];
  /** What unit noise is multiplied by to become the first sample. */
  readonly initNoiseSigma: number;
  /**
   * What it remembers after the latest call. One that is given what another of the same request remembered goes on as that
   * one would have, bit for bit.
   */
  memory: SamplerMemory;
  /** The denoiser's input for call `i`, from the sample before it. */
  scaleInput(sample: Float32Array, i: number): Float32Array;
  /**
   * Advances by one denoiser call.
   * @param modelOutput What the denoiser predicted at `timesteps[i]`: epsilon, v or sample, as the schedule says.
   * @param noise Required by stochastic samplers only.
   */
  step(modelOutput: Float32Array, i: number, sample: Float32Array, noise?: NoiseSource): SamplerStep;
  /** Noises a clean sample to the level at which call `i` expects it (image-to-image). */
  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array;
}

/**
 * The next noise of a source that a stochastic step cannot do without.
 * @throws {TypeError} if the caller passed none.
 */
export function drawNoise(noise: NoiseSource | undefined): Float32Array {
  if (noise === undefined) throw new TypeError("Cannot take a stochastic step: no noise source was given");
  return noise();
}
