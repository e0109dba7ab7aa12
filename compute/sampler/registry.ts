/** Finding a sampler by any of its names, and making one for a model folder. */

import { InvalidInputError } from "../../errors.ts";
import { isImplementedClass } from "./diffusers_defaults.ts";
import { checkSteps } from "./noise_schedule.ts";
import type { Sampler } from "./sampler.ts";
import { type SamplerDefinition, samplers } from "./sampler_definitions.ts";
import { scheduleAliases, type ScheduleName, scheduleNames, spelling, withSchedule } from "./schedule_names.ts";
import { configOfClass, configOfFolder, type SchedulerConfig } from "./scheduler_config.ts";
import { checkRequest } from "./sigma_schedule.ts";

export { type SamplerDefinition, samplers } from "./sampler_definitions.ts";
export { findSchedule, type ScheduleName, scheduleNames } from "./schedule_names.ts";

/** A sampler and, where the name implied one ("DPM++ 2M Karras"), a schedule. */
export interface FoundSampler {
  readonly definition: SamplerDefinition;
  readonly schedule?: ScheduleName;
}

/** The sampler a user means by `name`, ignoring case, spaces and punctuation; undefined if there is none. */
export function findSampler(name: string): FoundSampler | undefined {
  const key = spelling(name);
  const definition = definitionOf(key);
  if (definition !== undefined) return { definition };
  for (const schedule of scheduleNames) {
    for (const alias of [schedule, ...scheduleAliases[schedule]].map(spelling)) {
      const rest = key.endsWith(alias) ? definitionOf(key.slice(0, -alias.length)) : undefined;
      if (rest?.schedules.includes(schedule)) return { definition: rest, schedule };
    }
  }
  return undefined;
}

function definitionOf(key: string): SamplerDefinition | undefined {
  return samplers.find((s) => [s.name, s.label, ...s.aliases].some((name) => spelling(name) === key));
}

/**
 * The sampler that a model folder's own `scheduler_config.json` names; undefined if it is not one of these.
 * @param config The parsed file.
 */
export function samplerOfFolder(config: unknown): SamplerDefinition | undefined {
  if (typeof config !== "object" || config === null) return undefined;
  const { _class_name: className, algorithm_type: algorithm } = config as Readonly<Record<string, unknown>>;
  return samplers.find((s) =>
    s.diffusersClass === className && (algorithm === "sde-dpmsolver++") === (s.name === "dpmpp-2m-sde")
  ) ?? samplers.find((s) => s.diffusersClass === className);
}

/** What a run may fix beyond its sampler and number of steps. */
export interface SamplerOptions {
  /** The index in `timesteps` of the first call that will be made (image-to-image); 0 if absent. */
  readonly begin?: number;
  /** The share of random noise, 0..1, for samplers that read it. */
  readonly eta?: number;
  /** Training timesteps to visit, falling, one per step. */
  readonly timesteps?: readonly number[];
  /** Noise levels to descend through, falling, one per step and the final one. */
  readonly sigmas?: readonly number[];
}

/** A sampler wanted for a model folder. */
export interface SamplerRequest extends SamplerOptions {
  /** Any name that {@link findSampler} finds. */
  readonly sampler: string;
  /** The folder's parsed `scheduler_config.json`. */
  readonly config: unknown;
  /** Noise levels to leave, 1 to the model's training timesteps. */
  readonly steps: number;
  /** Overrides what the sampler's name implies; if both are absent the folder's own. */
  readonly schedule?: ScheduleName;
}

/**
 * A sampler for one generation with a model folder.
 * @throws {InvalidInputError} UNKNOWN_SAMPLER; UNSUPPORTED for a schedule, list, eta or config value that the sampler
 * has no use for; others for numbers out of range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSampler } from "./registry.ts";
 *
 * const config = { _class_name: "PNDMScheduler", beta_schedule: "scaled_linear", beta_start: 0.00085, beta_end: 0.012 };
 * const sampler = createSampler({ sampler: "DPM++ 2M Karras", config, steps: 20 });
 * let sample = new Float32Array(64).fill(sampler.initNoiseSigma); // unit noise times its scale
 * for (const i of sampler.timesteps.keys()) {
 *   const input = sampler.scaleInput(sample, i);
 *   sample = new Float32Array(sampler.step(input, i, sample).sample); // a denoiser's prediction in place of the input
 * }
 * assert.equal(sampler.timesteps.length, 20);
 * ```
 */
export function createSampler(request: SamplerRequest): Sampler {
  const found = findSampler(request.sampler);
  if (found === undefined) {
    const rule = `must be one of ${samplers.map((s) => s.name).join(", ")}`;
    throw new InvalidInputError("UNKNOWN_SAMPLER", ["sampler"], request.sampler, rule);
  }
  const { definition } = found;
  const schedule = request.schedule ?? found.schedule ?? "model";
  if (!definition.schedules.includes(schedule)) {
    const rule = `must be one of ${definition.schedules.join(", ")} for ${definition.name}`;
    throw new InvalidInputError("UNSUPPORTED", ["schedule"], schedule, rule);
  }
  const config = configOfFolder(request.config, definition.diffusersClass, definition.chosen);
  checkShape(schedule, request);
  // A shape that the folder carries for its own sampler means nothing to one without sigmas.
  const shaped = definition.schedules.includes("karras") ? config : { ...config, sigmaShape: "model" as const };
  return create(definition, withSchedule(shaped, schedule), request.steps, request);
}

/**
 * A sampler exactly as diffusers would construct `className` from `config`: its defaults, and no key it does not know.
 * @throws {InvalidInputError} UNKNOWN_SAMPLER for a class that is not implemented, and as {@link createSampler}.
 */
export function createFromDiffusers(
  className: string,
  config: unknown,
  steps: number,
  options: SamplerOptions = {},
): Sampler {
  if (!isImplementedClass(className)) {
    const rule = `must be one of ${[...new Set(samplers.map((s) => s.diffusersClass))].join(", ")}`;
    throw new InvalidInputError("UNKNOWN_SAMPLER", ["sampler"], className, rule);
  }
  const settings = configOfClass(config, className);
  checkShape(settings.sigmaShape, options);
  const definition = samplerOfFolder({ _class_name: className, algorithm_type: settings.algorithmType });
  if (definition === undefined) throw new TypeError(`Cannot create "${className}": it has no definition`);
  return create(definition, settings, steps, options);
}

function create(
  definition: SamplerDefinition,
  config: SchedulerConfig,
  steps: number,
  options: SamplerOptions,
): Sampler {
  const { begin = 0, eta, timesteps, sigmas } = options;
  checkSteps(config, steps);
  for (const list of ["timesteps", "sigmas"] as const) {
    if (options[list] !== undefined && !definition.acceptsLists.includes(list)) {
      throw new InvalidInputError("UNSUPPORTED", [list], options[list], `must be absent for ${definition.name}`);
    }
  }
  checkEta(definition, eta);
  const request = {
    steps,
    ...(timesteps === undefined ? {} : { timesteps }),
    ...(sigmas === undefined ? {} : { sigmas }),
  };
  checkRequest(request);
  const sampler = definition.create({ ...request, config, begin, eta });
  checkBegin(definition, sampler, begin);
  return sampler;
}

function checkShape(schedule: string, { timesteps, sigmas }: SamplerOptions): void {
  if (schedule === "model" || (timesteps === undefined && sigmas === undefined)) return;
  throw new InvalidInputError("INVALID_VALUE", ["schedule"], schedule, "must not be combined with timesteps or sigmas");
}

function checkEta({ usesEta, name }: SamplerDefinition, eta: number | undefined): void {
  if (eta === undefined) return;
  if (!usesEta) throw new InvalidInputError("UNSUPPORTED", ["eta"], eta, `must be absent for ${name}`);
  if (!(eta >= 0 && eta <= 1)) throw new InvalidInputError("OUT_OF_RANGE", ["eta"], eta, "must be from 0 to 1");
}

function checkBegin({ callsPerStep, name }: SamplerDefinition, { timesteps }: Sampler, begin: number): void {
  if (!Number.isInteger(begin) || begin < 0 || begin >= timesteps.length) {
    throw new InvalidInputError(
      "OUT_OF_RANGE",
      ["begin"],
      begin,
      `must be an integer from 0 to ${timesteps.length - 1}`,
    );
  }
  if (begin % callsPerStep !== 0) {
    throw new InvalidInputError("INVALID_VALUE", ["begin"], begin, `must be a multiple of ${callsPerStep} for ${name}`);
  }
}
