/** Packing contexts and weight maps into what the regional UNet takes. */

import { nth } from "../../elements.ts";
import { weightMapLevels, type WeightMaps } from "../../layout/weights/weight_maps.ts";
import { type AddedInputs, addedInputs } from "../model/added_inputs.ts";
import type { ContextLora } from "../lora/context_deltas.ts";
import type { PromptContext } from "../model/text_conditioner.ts";
import type { RegionalConditioning } from "../model/regional_feeds.ts";
import { shapeOf, type Tensor } from "../tensor.ts";

/** What the packing needs to know of the UNet. */
export interface ConditioningTarget {
  /** Levels on which the UNet has cross-attention. */
  readonly levels: readonly number[];
  /** What it takes beside contexts. */
  readonly added: AddedInputs;
}

/** What else a prediction is conditioned on. */
export interface ConditioningOptions {
  /** The guidance scale, for UNets that take it as an input; ignored by others. */
  readonly guidance?: number;
}

/** Contexts with their places: what the windows of a picture share is packed once. */
export interface PlacedContexts {
  readonly packed: Pick<RegionalConditioning, "contexts" | "valueSigns" | "mask" | "loras">;
  /** One map per packed context, at latent size. */
  readonly maps: WeightMaps;
  readonly pooled: Tensor | null | undefined;
}

/**
 * One context for the whole picture: plain cross-attention, conditioned on the context's own pooled embedding.
 * @param context [T, D]
 * @param height Latent cells.
 * @throws {RangeError} if the UNet takes an input whose value is missing.
 */
export function plainConditioning(
  context: PromptContext,
  height: number,
  width: number,
  target: ConditioningTarget,
  options: ConditioningOptions = {},
): RegionalConditioning {
  const maps = { count: 1, height, width, data: new Float32Array(height * width).fill(1) };
  return conditioningOf({ packed: pack([context]), maps, pooled: context.pooled }, target, options);
}

/**
 * One context per weight map, in one pass. Contexts whose map is zero everywhere are left out: they contribute exactly
 * nothing. The pooled embedding (SDXL) enters through the timestep's, which has no place in the picture, so that exactly one
 * conditions all of it: the base prompt's, also where its map is zero.
 * @param contexts R + 1 tensors [T_r, D], the base prompt's first; their lengths may differ.
 * @param maps [R + 1, h, w] at latent size.
 * @throws {RangeError} if there are not as many contexts as maps, or the UNet takes an input whose value is missing.
 */
export function regionalConditioning(
  contexts: readonly PromptContext[],
  maps: WeightMaps,
  target: ConditioningTarget,
  options: ConditioningOptions = {},
): RegionalConditioning {
  return conditioningOf(placeContexts(contexts, maps), target, options);
}

/** The first half of {@link regionalConditioning}. */
export function placeContexts(contexts: readonly PromptContext[], maps: WeightMaps): PlacedContexts {
  const [base] = contexts;
  if (base === undefined || contexts.length !== maps.count) {
    throw new RangeError(`Cannot pair ${contexts.length} contexts with ${maps.count} weight maps`);
  }
  const cells = maps.height * maps.width;
  const live = contexts.map((_, r) => r).filter((r) => usesMap(maps, r));
  const data = new Float32Array(live.length * cells);
  live.forEach((r, i) => data.set(maps.data.subarray(r * cells, (r + 1) * cells), i * cells));
  const kept = live.map((r) => nth(contexts, r));
  return { packed: pack(kept), maps: { ...maps, count: live.length, data }, pooled: base.pooled };
}

/** The second half: the maps may be those of a window, in which some contexts have no weight. */
export function conditioningOf(
  { packed, maps, pooled }: PlacedContexts,
  target: ConditioningTarget,
  { guidance }: ConditioningOptions = {},
): RegionalConditioning {
  const { count, height, width } = maps;
  const deepest = Math.max(...target.levels);
  const perLevel = weightMapLevels(maps, deepest + 1);
  return {
    ...packed,
    weights: new Map(target.levels.map((level): [number, Tensor] => {
      const m = nth(perLevel, level);
      return [level, { dims: [1, count, 1, m.height * m.width, 1], data: m.data }];
    })),
    added: addedInputs(
      { pooled: pooled ?? null, height, width, ...(guidance === undefined ? {} : { guidance }) },
      target.added,
    ),
  };
}

/** Whether map `r` has weight in any cell. */
export function usesMap(maps: WeightMaps, r: number): boolean {
  const cells = maps.height * maps.width;
  return maps.data.subarray(r * cells, (r + 1) * cells).some((w) => w !== 0);
}

function pack(contexts: readonly PromptContext[]): PlacedContexts["packed"] {
  const count = contexts.length;
  const tokens = Math.max(...contexts.map((context) => shapeOf(context, 2)[0]));
  const [, width] = shapeOf(nth(contexts, 0), 2);
  const data = new Float32Array(count * tokens * width);
  const signs = new Float32Array(count * tokens).fill(1);
  const mask = new Float32Array(count * tokens);
  contexts.forEach((context, r) => {
    data.set(context.data, r * tokens * width);
    if (context.valueSigns) signs.set(context.valueSigns, r * tokens);
    mask.fill(-Infinity, r * tokens + shapeOf(context, 2)[0], (r + 1) * tokens);
  });
  return {
    contexts: { dims: [1, count, tokens, width], data },
    valueSigns: { dims: [1, count, tokens, 1], data: signs },
    mask: { dims: [1, count, 1, 1, tokens], data: mask },
    loras: contextLoras(contexts),
  };
}

/** Every LoRA of any context, with its weight in each. */
function contextLoras(contexts: readonly PromptContext[]): readonly ContextLora[] {
  const all = new Map(contexts.flatMap(({ loras = [] }) => loras.map(({ lora }) => [lora.state, lora] as const)));
  return [...all.values()].map((lora) => ({
    lora,
    weights: contexts.map(({ loras = [] }) =>
      loras.filter((own) => own.lora.state === lora.state).reduce((sum, { weight }) => sum + weight, 0)
    ),
  }));
}
