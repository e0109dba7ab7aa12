/** What each diffusers scheduler class assumes for keys that its `scheduler_config.json` leaves out. */

// Source: the constructors in `src/diffusers/schedulers/scheduling_*.py`, diffusers 0.39 (Apache-2.0).

/** Keys of a scheduler config with their default, in diffusers' own spelling. */
export type ConfigKeys = Readonly<Record<string, unknown>>;

const TRAINING = {
  num_train_timesteps: 1000,
  beta_start: 0.0001,
  beta_end: 0.02,
  beta_schedule: "linear",
  trained_betas: null,
  prediction_type: "epsilon",
  timestep_spacing: "linspace",
  steps_offset: 0,
} as const;

const LATENT_BETAS = { beta_start: 0.00085, beta_end: 0.012 } as const;
const LEADING = { timestep_spacing: "leading" } as const;
const SHAPES = { use_karras_sigmas: false, use_exponential_sigmas: false, use_beta_sigmas: false } as const;
const CLIPPING = { clip_sample: false, clip_sample_range: 1 } as const;

const FLOW = { use_flow_sigmas: false, use_dynamic_shifting: false } as const;

const DISTILLED = {
  ...TRAINING,
  ...LATENT_BETAS,
  ...LEADING,
  ...CLIPPING,
  beta_schedule: "scaled_linear",
  original_inference_steps: 50,
  set_alpha_to_one: true,
  thresholding: false,
  timestep_scaling: 10,
  rescale_betas_zero_snr: false,
} as const;

/** Every key that a class of ours reads, by class. */
export const IMPLEMENTED_CLASSES = {
  EulerDiscreteScheduler: {
    ...TRAINING,
    ...SHAPES,
    interpolation_type: "linear",
    sigma_min: null,
    sigma_max: null,
    timestep_type: "discrete",
    rescale_betas_zero_snr: false,
    final_sigmas_type: "zero",
  },
  EulerAncestralDiscreteScheduler: { ...TRAINING, rescale_betas_zero_snr: false },
  DPMSolverMultistepScheduler: {
    ...TRAINING,
    ...SHAPES,
    ...FLOW,
    solver_order: 2,
    thresholding: false,
    algorithm_type: "dpmsolver++",
    solver_type: "midpoint",
    lower_order_final: true,
    euler_at_final: false,
    use_lu_lambdas: false,
    final_sigmas_type: "zero",
    lambda_min_clipped: -Infinity,
    variance_type: null,
    rescale_betas_zero_snr: false,
  },
  DPMSolverSDEScheduler: { ...TRAINING, ...LATENT_BETAS, ...SHAPES },
  DDIMScheduler: {
    ...TRAINING,
    ...LEADING,
    clip_sample: true,
    clip_sample_range: 1,
    set_alpha_to_one: true,
    thresholding: false,
    rescale_betas_zero_snr: false,
  },
  UniPCMultistepScheduler: {
    ...TRAINING,
    ...SHAPES,
    ...FLOW,
    solver_order: 2,
    thresholding: false,
    predict_x0: true,
    solver_type: "bh2",
    lower_order_final: true,
    disable_corrector: [],
    solver_p: null,
    final_sigmas_type: "zero",
    rescale_betas_zero_snr: false,
    sigma_min: null,
    sigma_max: null,
  },
  HeunDiscreteScheduler: { ...TRAINING, ...LATENT_BETAS, ...SHAPES, ...CLIPPING },
  LMSDiscreteScheduler: { ...TRAINING, ...SHAPES },
  PNDMScheduler: { ...TRAINING, ...LEADING, skip_prk_steps: false, set_alpha_to_one: false },
  LCMScheduler: DISTILLED,
  // diffusers' TCD accepts clip_sample and thresholding but never reads them.
  TCDScheduler: { ...DISTILLED, clip_sample: false },
} as const satisfies Record<string, ConfigKeys>;

/** A diffusers class whose sampler exists here. */
export type ImplementedClass = keyof typeof IMPLEMENTED_CLASSES;

/** Classes without a sampler here that model folders name all the same: their training keys are understood. */
const FOLDER_ONLY_CLASSES: Readonly<Record<string, ConfigKeys>> = {
  DDIMInverseScheduler: { ...TRAINING, ...LEADING },
  DDIMParallelScheduler: { ...TRAINING, ...LEADING },
  DDPMParallelScheduler: { ...TRAINING, ...LEADING },
  DDPMScheduler: { ...TRAINING, ...LEADING },
  DEISMultistepScheduler: TRAINING,
  DPMSolverMultistepInverseScheduler: TRAINING,
  DPMSolverSinglestepScheduler: TRAINING,
  KDPM2AncestralDiscreteScheduler: { ...TRAINING, ...LATENT_BETAS },
  KDPM2DiscreteScheduler: { ...TRAINING, ...LATENT_BETAS },
  SASolverScheduler: TRAINING,
};

/** Whether diffusers' class `name` has a sampler here. */
export function isImplementedClass(name: string): name is ImplementedClass {
  return Object.hasOwn(IMPLEMENTED_CLASSES, name);
}

/**
 * How a folder whose scheduler is of class `name` was trained and is spaced, where its config does not say.
 * @returns undefined for a class that is not of this family (flow matching, EDM and the like).
 */
export function trainingDefaults(name: string): ConfigKeys | undefined {
  const keys: ConfigKeys | undefined = isImplementedClass(name) ? IMPLEMENTED_CLASSES[name] : FOLDER_ONLY_CLASSES[name];
  if (keys === undefined) return undefined;
  return Object.fromEntries(Object.keys(TRAINING).map((key) => [key, keys[key]]));
}
