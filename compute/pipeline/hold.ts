/** Holding part of a picture while the rest is painted: inpainting by blended latents (arXiv:2206.02779). */

import type { SamplerStep } from "../sampler/sampler.ts";

/** What a sample is held to outside of a mask. */
export interface Hold {
  /** [h, w], 0 to 1: the share of each latent cell that is painted. The rest of it is held. */
  readonly mask: Float32Array;
  /** [C, h, w] each: where call `i` of the sampler leads what is held. Asked once for every call, in their order. */
  readonly after: (i: number) => SamplerStep | Promise<SamplerStep>;
}

/**
 * mask x painted + (1 - mask) x held, the share of a cell counting for all its channels. Exact where the mask is 0 or 1.
 * @param painted [C, h, w]
 * @param held [C, h, w]
 * @param mask [h, w]
 */
export function blendHeld(painted: Float32Array, held: Float32Array, mask: Float32Array): Float32Array {
  const cells = mask.length;
  return painted.map((value, i) => {
    const share = mask[i % cells] ?? 0;
    return share * value + (1 - share) * (held[i] ?? 0);
  });
}
