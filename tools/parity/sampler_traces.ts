/** The reference traces of `samplers.json`: whole schedules walked with cheap models in place of a UNet. */

import { createFromDiffusers } from "../../compute/sampler/registry.ts";
import type { Sampler } from "../../compute/sampler/sampler.ts";
import { reference } from "./case.ts";
import type { Tensors } from "./reference.ts";

/** One scheduler, walked with every fake model. */
export interface SamplerTrace {
  readonly name: string;
  /** Class name in diffusers. */
  readonly scheduler: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly extra: {
    /** Name of a list of timesteps or sigmas to visit. */
    readonly timesteps?: string;
    readonly sigmas?: string;
    readonly eta?: number;
    readonly strength?: number;
  };
  readonly timesteps_all: readonly number[];
  readonly init_noise_sigma: number;
  /** Image to image: the first call made. */
  readonly begin_index?: number;
  /** Noises drawn by steps. */
  readonly uses_noise: number;
  /** Largest absolute sample, by model. */
  readonly scale_linear: number;
  readonly scale_tanh: number;
}

/** `samplers.json`. */
export interface SamplerDocument {
  readonly cases: readonly SamplerTrace[];
  readonly base_kwargs: Readonly<Record<string, unknown>>;
  /** Lists of timesteps and sigmas, by name. */
  readonly ays: Readonly<Record<string, readonly number[]>>;
}

/** The fake models: deterministic outputs for a sample and a timestep. */
export const FAKE_MODELS = {
  linear: (x: Float32Array, t: number) => x.map((v) => v * (t / (t + 1))),
  tanh: (x: Float32Array, t: number) => x.map((v) => 0.5 * Math.tanh(v) + 0.1 * v * Math.cos(t / 200)),
} as const;

/** Name of a fake model. */
export type FakeModel = keyof typeof FAKE_MODELS;

/** The traces with their tensors. */
export class SamplerTraces {
  /** The clean sample that all traces share. */
  readonly start: Float32Array;

  constructor(private readonly document: SamplerDocument, private readonly tensors: Tensors) {
    this.start = reference(tensors, "start").data;
  }

  get cases(): readonly SamplerTrace[] {
    return this.document.cases;
  }

  /** The sampler of a trace; it serves one walk. */
  create({ scheduler, kwargs, steps, extra, begin_index }: SamplerTrace): Sampler {
    return createFromDiffusers(scheduler, { ...this.document.base_kwargs, ...kwargs }, steps, {
      ...(extra.timesteps === undefined ? {} : { timesteps: this.#list(extra.timesteps) }),
      ...(extra.sigmas === undefined ? {} : { sigmas: this.#list(extra.sigmas) }),
      ...(extra.eta === undefined ? {} : { eta: extra.eta }),
      ...(begin_index === undefined ? {} : { begin: begin_index }),
    });
  }

  /** The sample before the first call, as `sampler` makes it. */
  firstSample(trace: SamplerTrace, sampler: Sampler): Float32Array {
    return trace.begin_index === undefined
      ? this.start.map((v) => v * sampler.initNoiseSigma)
      : sampler.addNoise(this.start, this.noiseAt(0), trace.begin_index);
  }

  /** The reference's sample before the first call. */
  expectedFirst(trace: SamplerTrace): Float32Array {
    return reference(this.tensors, `begin/${trace.name}`).data;
  }

  /** The reference's sample after the `k`th call made. */
  expectedSample(trace: SamplerTrace, model: FakeModel, k: number): Float32Array {
    const { length } = this.start;
    return reference(this.tensors, `samples/${trace.name}/${model}`).data.subarray(k * length, (k + 1) * length);
  }

  /** The `n`th stored noise; 0 makes the first sample of image to image, steps draw the others in order. */
  noiseAt(n: number): Float32Array {
    const { length } = this.start;
    return reference(this.tensors, "noise").data.slice(n * length, (n + 1) * length);
  }

  #list(name: string): readonly number[] {
    const list = this.document.ays[name];
    if (list === undefined) throw new RangeError(`Cannot find the list "${name}"`);
    return list;
  }
}
