/** What some UNets take beside latents, timestep and contexts: their family's inputs, and LCM's guidance. */

import type { FamilyInputs } from "../families/family.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import type { Tensor } from "../tensor.ts";
import type { ModelConfig } from "./config.ts";

const GUIDANCE = "timestep_cond";

/** The further inputs of a UNet. */
export interface AddedInputs {
  /** What it takes as a member of its family; null if nothing. */
  readonly ofFamily: FamilyInputs | null;
  /** Width E of the guidance embedding it takes (LCM); null if guidance is no input. */
  readonly guidanceWidth: number | null;
  /** Pixels per latent cell, along each edge: sizes are given in pixels. */
  readonly vaeFactor: number;
}

/** What the further inputs are made from. */
export interface AddedValues {
  /** [P], the text encoder's pooled embedding; null where the model's encoders give none. */
  readonly pooled: Tensor | null;
  /** Latent cells. */
  readonly height: number;
  readonly width: number;
  /** The guidance scale, for models that take it as an input. */
  readonly guidance?: number;
}

/**
 * The further inputs that a UNet graph declares.
 * @param names All inputs of the graph.
 * @param known Inputs that are taken care of elsewhere.
 * @throws {UnsupportedGraphError} on an input that nothing here can fill, or that the config does not describe.
 */
export function findAddedInputs(
  names: readonly string[],
  known: readonly string[],
  { family, unet, vaeFactor }: Pick<ModelConfig, "family" | "unet" | "vaeFactor">,
): AddedInputs {
  const ofFamily = family.addedInputs;
  const stranger = names.find((name) => ![...known, ...ofFamily?.names ?? [], GUIDANCE].includes(name));
  if (stranger !== undefined) throw new UnsupportedGraphError(`it has the input "${stranger}", which is not supported`);
  const guidanceWidth = names.includes(GUIDANCE) ? unet.time_cond_proj_dim ?? undefined : null;
  if (guidanceWidth === undefined) {
    throw new UnsupportedGraphError(`it has the input "${GUIDANCE}", but its config no time_cond_proj_dim`);
  }
  const takesFamily = ofFamily?.names.some((name) => names.includes(name));
  return { ofFamily: takesFamily ? ofFamily : null, guidanceWidth, vaeFactor };
}

/**
 * The tensors to feed, by input name: those of the family, and `timestep_cond` [1, E].
 * @throws {RangeError} if the UNet takes an input whose value is missing.
 */
export function addedInputs(values: AddedValues, inputs: AddedInputs): ReadonlyMap<string, Tensor> {
  const feeds = new Map(inputs.ofFamily === null ? [] : familyFeeds(values, inputs.ofFamily, inputs.vaeFactor));
  if (inputs.guidanceWidth !== null) {
    if (values.guidance === undefined) throw new RangeError("Cannot condition this UNet without a guidance scale");
    const data = guidanceEmbedding(values.guidance, inputs.guidanceWidth);
    feeds.set(GUIDANCE, { dims: [1, data.length], data });
  }
  return feeds;
}

function familyFeeds(
  { pooled, height, width }: AddedValues,
  inputs: FamilyInputs,
  vaeFactor: number,
): ReadonlyMap<string, Tensor> {
  if (pooled === null) throw new RangeError("Cannot condition this UNet without a pooled text embedding");
  return inputs.make({ pooled, height: height * vaeFactor, width: width * vaeFactor });
}

/**
 * The sinusoidal embedding of a guidance scale: sines, then cosines of 1000 w times frequencies from 1 to 1/10000, with
 * w = scale - 1 (arXiv:2310.04378; `get_guidance_scale_embedding` in diffusers' `LatentConsistencyModelPipeline`).
 * @param width Length of the result; an odd one ends in 0.
 */
export function guidanceEmbedding(scale: number, width: number): Float32Array {
  // Arguments are in the thousands, so they are rounded as the reference rounds them: to float32 at every operation.
  const f32 = Math.fround;
  const half = Math.floor(width / 2);
  const step = f32(f32(Math.log(10000)) / (half - 1));
  const w = f32(f32(scale - 1) * 1000);
  const embedding = new Float32Array(width);
  for (let i = 0; i < half; i++) {
    const angle = f32(w * f32(Math.exp(f32(i * -step))));
    embedding[i] = Math.sin(angle);
    embedding[half + i] = Math.cos(angle);
  }
  return embedding;
}
