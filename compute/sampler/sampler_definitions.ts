/** The samplers there are: their names everywhere, what they accept, and how each is made. */

import type { ConfigKeys, ImplementedClass } from "./diffusers_defaults.ts";
import { DdimSampler } from "./ddim.ts";
import { Dpmpp2mSampler } from "./dpmpp_2m.ts";
import { Dpmpp2mSdeSampler } from "./dpmpp_2m_sde.ts";
import { DpmppSdeSampler } from "./dpmpp_sde.ts";
import { EulerSampler } from "./euler.ts";
import { EulerAncestralSampler } from "./euler_ancestral.ts";
import { HeunSampler } from "./heun.ts";
import { LcmSampler } from "./lcm.ts";
import { LmsSampler } from "./lms.ts";
import { PndmSampler } from "./pndm.ts";
import type { Sampler } from "./sampler.ts";
import type { ScheduleName } from "./schedule_names.ts";
import type { SchedulerConfig } from "./scheduler_config.ts";
import type { ScheduleRequest } from "./sigma_schedule.ts";
import { TcdSampler } from "./tcd.ts";
import { UniPcSampler } from "./unipc.ts";

/** What a sampler is made from. */
export interface SamplerSettings extends ScheduleRequest {
  readonly config: SchedulerConfig;
  /** The index of the first call that will be made. */
  readonly begin: number;
  /** The share of random noise, 0..1; undefined takes the sampler's own. */
  readonly eta: number | undefined;
}

/** One sampler, as it is offered to users. */
export interface SamplerDefinition {
  /** Stable, kebab-case. */
  readonly name: string;
  readonly label: string;
  /** What A1111, ComfyUI and diffusers call it. */
  readonly aliases: readonly string[];
  readonly description: string;
  /** Whether steps draw noise at the default eta. */
  readonly stochastic: boolean;
  readonly diffusersClass: ImplementedClass;
  /** Denoiser calls per step; the last step may make fewer. */
  readonly callsPerStep: 1 | 2;
  /** The schedules it can follow, its own first. */
  readonly schedules: readonly ScheduleName[];
  /** Whether it reads eta. */
  readonly usesEta: boolean;
  /** The lists it accepts in place of a spacing. */
  readonly acceptsLists: readonly ("timesteps" | "sigmas")[];
  /** Config keys that choosing it decides. */
  readonly chosen: ConfigKeys;
  readonly create: (settings: SamplerSettings) => Sampler;
}

const ON_SIGMAS = {
  stochastic: false,
  callsPerStep: 1,
  schedules: ["model", "karras", "exponential", "beta", "lu", "sgm-uniform", "ays", "ays-sdxl"],
  usesEta: false,
  acceptsLists: ["timesteps", "sigmas"],
  chosen: {},
} as const;

const ON_TIMESTEPS = {
  stochastic: false,
  callsPerStep: 1,
  schedules: ["model", "sgm-uniform", "ays", "ays-sdxl"],
  usesEta: false,
  acceptsLists: ["timesteps"],
  chosen: {},
} as const;

/** Every sampler, in the order in which they are best offered. */
export const samplers: readonly SamplerDefinition[] = [
  {
    ...ON_SIGMAS,
    name: "euler",
    label: "Euler",
    aliases: ["k_euler", "sample_euler", "EulerDiscreteScheduler"],
    description: "Plain and quick; a good first choice, and the one for Turbo and Lightning models",
    diffusersClass: "EulerDiscreteScheduler",
    create: ({ config, ...request }) => new EulerSampler(config, request),
  },
  {
    ...ON_SIGMAS,
    name: "euler-a",
    label: "Euler a",
    aliases: ["euler_ancestral", "k_euler_a", "k_euler_ancestral", "EulerAncestralDiscreteScheduler"],
    description: "Euler with fresh noise at every step; varied pictures that keep changing with the number of steps",
    stochastic: true,
    diffusersClass: "EulerAncestralDiscreteScheduler",
    create: ({ config, ...request }) => new EulerAncestralSampler(config, request),
  },
  {
    ...ON_SIGMAS,
    name: "dpmpp-2m",
    label: "DPM++ 2M",
    aliases: ["dpmpp_2m", "k_dpmpp_2m", "dpmsolver++", "DPMSolverMultistepScheduler"],
    description: "Second order from remembered predictions; sharp in 20 steps, best with the Karras schedule",
    diffusersClass: "DPMSolverMultistepScheduler",
    chosen: { algorithm_type: "dpmsolver++" },
    create: ({ config, ...request }) => new Dpmpp2mSampler(config, request),
  },
  {
    ...ON_SIGMAS,
    name: "dpmpp-2m-sde",
    label: "DPM++ 2M SDE",
    aliases: ["dpmpp_2m_sde", "dpmpp_2m_sde_gpu", "k_dpmpp_2m_sde", "sde-dpmsolver++"],
    description: "DPM++ 2M with fresh noise at every step; rich detail from 25 steps on",
    stochastic: true,
    diffusersClass: "DPMSolverMultistepScheduler",
    chosen: { algorithm_type: "sde-dpmsolver++" },
    create: ({ config, ...request }) => new Dpmpp2mSdeSampler(config, request),
  },
  {
    ...ON_SIGMAS,
    name: "dpmpp-sde",
    label: "DPM++ SDE",
    aliases: ["dpmpp_sde", "dpmpp_sde_gpu", "k_dpmpp_sde", "DPMSolverSDEScheduler"],
    description: "Two calls and fresh noise per step; fine detail in few steps, each of which costs twice",
    stochastic: true,
    callsPerStep: 2,
    diffusersClass: "DPMSolverSDEScheduler",
    create: ({ config, ...request }) => new DpmppSdeSampler(config, request),
  },
  {
    ...ON_TIMESTEPS,
    name: "ddim",
    label: "DDIM",
    aliases: ["DDIMScheduler"],
    description: "Deterministic jumps between noise levels; eta mixes in fresh noise",
    diffusersClass: "DDIMScheduler",
    usesEta: true,
    create: ({ config, eta, ...request }) => new DdimSampler(config, request, eta),
  },
  {
    ...ON_SIGMAS,
    name: "unipc",
    label: "UniPC",
    aliases: ["uni_pc", "uni_pc_bh2", "UniPCMultistepScheduler"],
    description: "Predicts and corrects with the same calls; good pictures in about 10 steps",
    diffusersClass: "UniPCMultistepScheduler",
    create: ({ config, ...request }) => new UniPcSampler(config, request),
  },
  {
    ...ON_SIGMAS,
    name: "heun",
    label: "Heun",
    aliases: ["k_heun", "sample_heun", "HeunDiscreteScheduler"],
    description: "Euler with a second look at each step; accurate, and each step costs twice",
    callsPerStep: 2,
    diffusersClass: "HeunDiscreteScheduler",
    create: ({ config, ...request }) => new HeunSampler(config, request),
  },
  {
    ...ON_SIGMAS,
    name: "lms",
    label: "LMS",
    aliases: ["k_lms", "sample_lms", "LMSDiscreteScheduler"],
    description: "Fourth order from remembered slopes",
    diffusersClass: "LMSDiscreteScheduler",
    create: ({ config, ...request }) => new LmsSampler(config, request),
  },
  {
    ...ON_TIMESTEPS,
    name: "pndm",
    label: "PNDM",
    aliases: ["plms", "PNDMScheduler"],
    description: "Fourth order on DDIM's jumps; the original sampler of Stable Diffusion 1",
    diffusersClass: "PNDMScheduler",
    schedules: ["model", "sgm-uniform"],
    acceptsLists: [],
    create: ({ config, begin, ...request }) => new PndmSampler(config, request, begin),
  },
  {
    ...ON_TIMESTEPS,
    name: "lcm",
    label: "LCM",
    aliases: ["LCMScheduler"],
    description: "For models distilled to consistency (LCM, LCM-LoRA): 2 to 8 steps",
    stochastic: true,
    diffusersClass: "LCMScheduler",
    schedules: ["model"],
    create: ({ config, ...request }) => new LcmSampler(config, request),
  },
  {
    ...ON_TIMESTEPS,
    name: "tcd",
    label: "TCD",
    aliases: ["TCDScheduler"],
    description: "For models distilled to trajectories (TCD-LoRA, Hyper-SD): 2 to 8 steps; eta sets the noise",
    stochastic: true,
    diffusersClass: "TCDScheduler",
    schedules: ["model"],
    usesEta: true,
    create: ({ config, eta, ...request }) => new TcdSampler(config, request, eta),
  },
];
