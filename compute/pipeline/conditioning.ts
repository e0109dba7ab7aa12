/** Packing contexts and weight maps into what the regional UNet takes. */

import { weightMapLevels, type WeightMaps } from "../../layout/weight_maps.ts";
import type { RegionalConditioning } from "../model/unet.ts";
import type { Tensor } from "../tensor.ts";

/** What the packing needs to know of the UNet. */
export interface ConditioningTarget {
  /** Levels on which the UNet has cross-attention. */
  readonly levels: readonly number[];
}

/**
 * One context for the whole picture: plain cross-attention.
 * @param context [T, D]
 * @param height Latent cells.
 */
export function plainConditioning(
  context: Tensor,
  height: number,
  width: number,
  target: ConditioningTarget,
): RegionalConditioning {
  const maps = { count: 1, height, width, data: new Float32Array(height * width).fill(1) };
  return pack([context], maps, target);
}

/**
 * One context per weight map. Contexts whose map is zero everywhere are left out: they contribute exactly nothing.
 * @param contexts R + 1 tensors [T_r, D], the base prompt's first; their lengths may differ.
 * @param maps [R + 1, h, w] at latent size.
 * @throws {RangeError} if there are not as many contexts as maps.
 */
export function regionalConditioning(
  contexts: readonly Tensor[],
  maps: WeightMaps,
  target: ConditioningTarget,
): RegionalConditioning {
  if (contexts.length !== maps.count) {
    throw new RangeError(`Cannot pair ${contexts.length} contexts with ${maps.count} weight maps`);
  }
  const cells = maps.height * maps.width;
  const live = contexts.map((_, r) => r).filter((r) => usesMap(maps, r));
  const data = new Float32Array(live.length * cells);
  live.forEach((r, i) => data.set(maps.data.subarray(r * cells, (r + 1) * cells), i * cells));
  const kept = live.flatMap((r) => contexts[r] ?? []);
  return pack(kept, { ...maps, count: live.length, data }, target);
}

/** Whether map `r` has weight in any cell. */
export function usesMap(maps: WeightMaps, r: number): boolean {
  const cells = maps.height * maps.width;
  return maps.data.subarray(r * cells, (r + 1) * cells).some((w) => w !== 0);
}

function pack(contexts: readonly Tensor[], maps: WeightMaps, target: ConditioningTarget): RegionalConditioning {
  const count = contexts.length;
  const tokens = Math.max(...contexts.map((c) => c.dims[0] ?? 0));
  const width = contexts[0]?.dims[1] ?? 0;
  const data = new Float32Array(count * tokens * width);
  const mask = new Float32Array(count * tokens);
  contexts.forEach((context, r) => {
    data.set(context.data, r * tokens * width);
    mask.fill(-Infinity, r * tokens + (context.dims[0] ?? 0), (r + 1) * tokens);
  });
  const deepest = Math.max(...target.levels);
  const perLevel = weightMapLevels(maps, deepest + 1);
  return {
    contexts: { dims: [1, count, tokens, width], data },
    mask: { dims: [1, count, 1, 1, tokens], data: mask },
    weights: new Map(target.levels.map((level): [number, Tensor] => {
      const m = perLevel[level] ?? maps;
      return [level, { dims: [1, count, 1, m.height * m.width, 1], data: m.data }];
    })),
  };
}
