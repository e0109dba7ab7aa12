/** Holding part of a picture while the rest is painted: inpainting by blended latents (arXiv:2206.02779). */

/** What a sample is held to outside of a mask. */
export interface Hold {
  /** [h, w], 0 to 1: the share of each latent cell that is painted. The rest of it is held. */
  readonly mask: Float32Array;
  /**
   * [C, h, w]: what is held, noised to the level at which call `i` of the sampler finds its sample. Asked once for every
   * call but the first, in their order.
   */
  readonly reference: (i: number) => Float32Array | Promise<Float32Array>;
  /** [C, h, w]: what is held, without noise: where the last call leads. */
  readonly clean: Float32Array;
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
