/** A diffusers `scheduler_config.json`, checked and completed with the defaults of the class that will read it. */

import { InvalidInputError } from "../../errors.ts";
import { type ConfigKeys, IMPLEMENTED_CLASSES, type ImplementedClass, trainingDefaults } from "./diffusers_defaults.ts";

/** What the denoiser's output is: the noise, the velocity of arXiv:2202.00512, or the clean sample. */
export type PredictionType = "epsilon" | "v_prediction" | "sample";
/** How training timesteps are picked (arXiv:2305.08891, table 2). */
export type TimestepSpacing = "leading" | "linspace" | "trailing";
/** The curve along which noise levels fall; `model` is the one the training timesteps give. */
export type SigmaShape = "model" | "karras" | "exponential" | "beta" | "lu" | "ays" | "ays-sdxl";

/** Every setting that some sampler reads. Names are diffusers' in camel case. */
export interface SchedulerConfig {
  readonly numTrainTimesteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: "linear" | "scaled_linear" | "squaredcos_cap_v2";
  /** Betas themselves, one per training timestep; they replace the three settings above. */
  readonly trainedBetas: readonly number[] | null;
  /** Whether betas are rescaled so that the last training timestep is pure noise (arXiv:2305.08891). */
  readonly rescaleBetasZeroSnr: boolean;
  readonly predictionType: PredictionType;
  readonly timestepSpacing: TimestepSpacing;
  readonly stepsOffset: number;
  readonly sigmaShape: SigmaShape;
  /** Ends of a shaped sigma curve; null takes the schedule's own. */
  readonly sigmaMin: number | null;
  readonly sigmaMax: number | null;
  readonly finalSigmasType: "zero" | "sigma_min";
  /** Timesteps whose half log-SNR lies below are left out. */
  readonly lambdaMinClipped: number;
  readonly clipSample: boolean;
  readonly clipSampleRange: number;
  readonly setAlphaToOne: boolean;
  readonly solverOrder: number;
  readonly algorithmType: "dpmsolver++" | "sde-dpmsolver++";
  readonly solverType: "midpoint" | "heun" | "bh1" | "bh2" | "logrho";
  readonly lowerOrderFinal: boolean;
  readonly eulerAtFinal: boolean;
  readonly predictX0: boolean;
  /** Steps (from 0) after which UniPC does not correct. */
  readonly disableCorrector: readonly number[];
  readonly skipPrkSteps: boolean;
  readonly originalInferenceSteps: number;
  readonly timestepScaling: number;
}

/** Values for keys that a class does not know; nothing of that class reads them. */
const NEUTRAL: ConfigKeys = {
  ...IMPLEMENTED_CLASSES.DPMSolverMultistepScheduler,
  ...IMPLEMENTED_CLASSES.UniPCMultistepScheduler,
  ...IMPLEMENTED_CLASSES.LCMScheduler,
  algorithm_type: "dpmsolver++",
  skip_prk_steps: true,
};

/** Keys that only one value of is implemented. */
const ONLY: Readonly<Record<string, readonly unknown[]>> = {
  thresholding: [false],
  use_flow_sigmas: [false],
  use_dynamic_shifting: [false],
  interpolation_type: ["linear"],
  timestep_type: ["discrete"],
  variance_type: [],
  solver_p: [],
};

/** Keys that follow the model, not the sampler: they count even for classes that diffusers keeps them from. */
const MODEL_KEYS = [
  "rescale_betas_zero_snr",
  "use_karras_sigmas",
  "use_exponential_sigmas",
  "use_beta_sigmas",
  "use_lu_lambdas",
] as const;

/**
 * The settings that diffusers would construct `className` with: its own defaults under `json`, and only the keys that
 * the class knows.
 * @param json The parsed `scheduler_config.json`; `_class_name` is ignored.
 * @throws {InvalidInputError} UNSUPPORTED for values that are not implemented, others for values of a wrong type.
 */
export function configOfClass(json: unknown, className: ImplementedClass): SchedulerConfig {
  const keys: ConfigKeys = IMPLEMENTED_CLASSES[className];
  const given = Object.fromEntries(Object.entries(objectOf(json)).filter(([key]) => Object.hasOwn(keys, key)));
  return read({ ...NEUTRAL, ...keys, ...defined(given) });
}

/**
 * The settings for running `className` on a model folder whose scheduler is another one. Betas, prediction type and
 * spacing are the folder's, by its own class's defaults where it leaves them out; zero terminal SNR and the sigma
 * shape stay as well. Anything else it lacks has `className`'s default, except that samples are not clipped and
 * PNDM has no Runge-Kutta start unless the folder says so: both defaults are for pixel models.
 * @param json The folder's parsed `scheduler_config.json`.
 * @param chosen Keys that the choice of sampler decides, whatever the folder says.
 * @throws {InvalidInputError} UNSUPPORTED for values that are not implemented, whether or not `className` reads them.
 */
export function configOfFolder(
  json: unknown,
  className: ImplementedClass,
  chosen: ConfigKeys = {},
): SchedulerConfig {
  const given = defined(objectOf(json));
  const keys: ConfigKeys = IMPLEMENTED_CLASSES[className];
  const known = Object.entries(given).filter(([key]) =>
    Object.hasOwn(keys, key) || Object.hasOwn(ONLY, key) || (MODEL_KEYS as readonly string[]).includes(key)
  );
  return read({
    ...NEUTRAL,
    ...keys,
    ...trainingOf(given["_class_name"] ?? className),
    clip_sample: false,
    skip_prk_steps: true,
    ...Object.fromEntries(known),
    ...chosen,
  });
}

function trainingOf(className: unknown): ConfigKeys {
  const keys = typeof className === "string" ? trainingDefaults(className) : undefined;
  if (keys === undefined) {
    throw new InvalidInputError("UNSUPPORTED", at("_class_name"), className, "must be a discrete diffusion scheduler");
  }
  return keys;
}

function read(raw: ConfigKeys): SchedulerConfig {
  for (const [key, allowed] of Object.entries(ONLY)) {
    const value = raw[key];
    if (value === undefined || value === null || allowed.includes(value)) continue;
    const rule = allowed.length === 0 ? "is not supported" : `must be ${allowed.join(" or ")}`;
    throw new InvalidInputError("UNSUPPORTED", at(key), value, rule);
  }
  const config: SchedulerConfig = {
    numTrainTimesteps: integer(raw, "num_train_timesteps", 1),
    betaStart: number(raw, "beta_start"),
    betaEnd: number(raw, "beta_end"),
    betaSchedule: oneOf(raw, "beta_schedule", ["linear", "scaled_linear", "squaredcos_cap_v2"]),
    trainedBetas: raw["trained_betas"] === null ? null : numbers(raw, "trained_betas"),
    rescaleBetasZeroSnr: flag(raw, "rescale_betas_zero_snr"),
    predictionType: oneOf(raw, "prediction_type", ["epsilon", "v_prediction", "sample"]),
    timestepSpacing: oneOf(raw, "timestep_spacing", ["leading", "linspace", "trailing"]),
    stepsOffset: integer(raw, "steps_offset", 0),
    sigmaShape: sigmaShapeOf(raw),
    sigmaMin: raw["sigma_min"] === null ? null : number(raw, "sigma_min"),
    sigmaMax: raw["sigma_max"] === null ? null : number(raw, "sigma_max"),
    finalSigmasType: oneOf(raw, "final_sigmas_type", ["zero", "sigma_min"]),
    lambdaMinClipped: raw["lambda_min_clipped"] === -Infinity ? -Infinity : number(raw, "lambda_min_clipped"),
    clipSample: flag(raw, "clip_sample"),
    clipSampleRange: number(raw, "clip_sample_range"),
    setAlphaToOne: flag(raw, "set_alpha_to_one"),
    solverOrder: integer(raw, "solver_order", 1),
    algorithmType: oneOf(raw, "algorithm_type", ["dpmsolver++", "sde-dpmsolver++"]),
    solverType: oneOf(raw, "solver_type", ["midpoint", "heun", "bh1", "bh2", "logrho"]),
    lowerOrderFinal: flag(raw, "lower_order_final"),
    eulerAtFinal: flag(raw, "euler_at_final"),
    predictX0: flag(raw, "predict_x0"),
    disableCorrector: numbers(raw, "disable_corrector"),
    skipPrkSteps: flag(raw, "skip_prk_steps"),
    originalInferenceSteps: integer(raw, "original_inference_steps", 1),
    timestepScaling: number(raw, "timestep_scaling"),
  };
  if (config.trainedBetas !== null && config.trainedBetas.length !== config.numTrainTimesteps) {
    const rule = `must have one beta for each of the ${config.numTrainTimesteps} training timesteps`;
    throw new InvalidInputError("INVALID_VALUE", at("trained_betas"), config.trainedBetas.length, rule);
  }
  return config;
}

const SHAPE_FLAGS = [
  ["use_karras_sigmas", "karras"],
  ["use_exponential_sigmas", "exponential"],
  ["use_beta_sigmas", "beta"],
  ["use_lu_lambdas", "lu"],
] as const;

function sigmaShapeOf(raw: ConfigKeys): SigmaShape {
  const [first, second] = SHAPE_FLAGS.filter(([key]) => flag(raw, key));
  if (first !== undefined && second !== undefined) {
    throw new InvalidInputError("INVALID_VALUE", at(second[0]), true, `must not be combined with ${first[0]}`);
  }
  return first === undefined ? "model" : first[1];
}

function at(key: string): readonly string[] {
  return ["scheduler_config", key];
}

function objectOf(json: unknown): ConfigKeys {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return { ...json };
  throw new InvalidInputError("INVALID_VALUE", ["scheduler_config"], json, "must be an object");
}

/** A null in the file means what an absent key means: the default. */
function defined(keys: ConfigKeys): ConfigKeys {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== null && value !== undefined));
}

function number(raw: ConfigKeys, key: string): number {
  const value = raw[key];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new InvalidInputError("NOT_A_NUMBER", at(key), value, "must be a finite number");
}

function integer(raw: ConfigKeys, key: string, least: number): number {
  const value = number(raw, key);
  if (Number.isInteger(value) && value >= least) return value;
  throw new InvalidInputError("OUT_OF_RANGE", at(key), value, `must be an integer of at least ${least}`);
}

function numbers(raw: ConfigKeys, key: string): readonly number[] {
  const value = raw[key];
  if (Array.isArray(value) && value.every((v) => typeof v === "number" && Number.isFinite(v))) return value;
  throw new InvalidInputError("NOT_A_NUMBER", at(key), value, "must be a list of finite numbers");
}

function flag(raw: ConfigKeys, key: string): boolean {
  const value = raw[key];
  if (typeof value === "boolean") return value;
  throw new InvalidInputError("INVALID_VALUE", at(key), value, "must be true or false");
}

function oneOf<const T extends string>(raw: ConfigKeys, key: string, allowed: readonly T[]): T {
  const value = raw[key];
  const found = allowed.find((a) => a === value);
  if (found !== undefined) return found;
  throw new InvalidInputError("UNSUPPORTED", at(key), value, `must be one of ${allowed.join(", ")}`);
}
