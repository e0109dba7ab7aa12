/** How Compel takes words out of a prompt: by blending with what the prompt says without them. */

import { float, nth } from "../../elements.ts";
import type { Tensor } from "../tensor.ts";
import type { WeightedText } from "./tokenizer.ts";

/** A part of a prompt as it is encoded, and its share in the blend; all shares sum to 1. */
export interface BlendedReading {
  readonly part: readonly WeightedText[];
  readonly share: number;
}

/** Compel's own smallest weight: that of 0 would have an infinite share. */
const LEAST = 1e-5;

/**
 * The part itself, with share 1, and for each stretch of weight w < 1 the part without it, with share tan((1 - w) pi / 2);
 * then all shares over their sum. At w = 0.5 and a single such stretch, half of each.
 *
 * damian0815/compel 2 (`src/compel/embeddings_provider.py`) in its mode `DownweightMode.REMOVE`. Its default, MASK, hides the
 * words from the encoder's attention in place of removing them, which exported text encoders have no input for.
 */
export function blendedReadings(part: readonly WeightedText[]): readonly BlendedReading[] {
  const without = part.flatMap(({ weight }, i): readonly BlendedReading[] => {
    if (weight >= 1) return [];
    const share = Math.tan((1 - Math.max(LEAST, weight)) * Math.PI / 2);
    return [{ part: [...part.slice(0, i), ...part.slice(i + 1)], share }];
  });
  const all = [{ part, share: 1 }, ...without];
  const sum = all.reduce((sum, { share }) => sum + share, 0);
  return all.map(({ part, share }) => ({ part, share: share / sum }));
}

/**
 * sum_i share_i z_i.
 * @param states [T_i, D], the first one the longest.
 * @param empty [L, D], the state of the empty prompt: what rows say that removed words have left without tokens.
 */
export function blend(states: readonly Tensor[], shares: readonly number[], empty: Tensor): Tensor {
  const [first] = states;
  if (first === undefined) throw new RangeError("Cannot blend nothing");
  const data = new Float32Array(first.data.length);
  states.forEach((state, s) => {
    const share = nth(shares, s);
    for (let i = 0; i < data.length; i++) {
      const z = i < state.data.length ? float(state.data, i) : float(empty.data, i % empty.data.length);
      data[i] = float(data, i) + share * z;
    }
  });
  return { dims: first.dims, data };
}
