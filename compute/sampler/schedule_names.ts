/** The noise schedules a user can choose, whatever the sampler. */

import type { SchedulerConfig } from "./scheduler_config.ts";

/**
 * `model` is what the model folder asks for; `sgm-uniform` spaces timesteps evenly from the noisy end; `ays` and
 * `ays-sdxl` are Align Your Steps for Stable Diffusion 1.5 and SDXL.
 */
export type ScheduleName = "model" | "karras" | "exponential" | "beta" | "lu" | "sgm-uniform" | "ays" | "ays-sdxl";

/** What A1111, ComfyUI and diffusers call the schedules. `model` is also "automatic" and "normal". */
export const scheduleAliases: Readonly<Record<ScheduleName, readonly string[]>> = {
  "model": ["automatic", "default", "normal"],
  "karras": ["use_karras_sigmas"],
  "exponential": ["use_exponential_sigmas"],
  "beta": ["use_beta_sigmas"],
  "lu": ["use_lu_lambdas"],
  "sgm-uniform": ["trailing"],
  "ays": ["align your steps", "ays sd15"],
  "ays-sdxl": ["align your steps sdxl"],
};

/** Every schedule, in the order in which they are best offered. */
export const scheduleNames = Object.keys(scheduleAliases) as readonly ScheduleName[];

/** The schedule a user means, however it is spelled; undefined if there is none. */
export function findSchedule(name: string): ScheduleName | undefined {
  const key = spelling(name);
  return scheduleNames.find((s) => spelling(s) === key || scheduleAliases[s].some((alias) => spelling(alias) === key));
}

/** The config with its spacing and sigma shape replaced by those of a schedule. */
export function withSchedule(config: SchedulerConfig, schedule: ScheduleName): SchedulerConfig {
  switch (schedule) {
    case "model":
      return config;
    case "sgm-uniform":
      return { ...config, sigmaShape: "model", timestepSpacing: "trailing" };
    default:
      return { ...config, sigmaShape: schedule };
  }
}

/** What is left of a name when case, spaces and punctuation do not count; "++" is read as "pp". */
export function spelling(name: string): string {
  return name.toLowerCase().replaceAll("+", "p").replaceAll(/[^a-z0-9]/g, "");
}
