/** Samplers and schedules by ComfyUI's names. */

import type { ImportedSettings } from "../settings.ts";

const SAMPLERS: ReadonlyMap<string, string> = new Map([
  ["euler", "euler"],
  ["euler-a", "euler_ancestral"],
  ["dpmpp-2m", "dpmpp_2m"],
  ["dpmpp-2m-sde", "dpmpp_2m_sde"],
  ["dpmpp-sde", "dpmpp_sde"],
  ["ddim", "ddim"],
  ["unipc", "uni_pc"],
  ["heun", "heun"],
  ["lms", "lms"],
  ["lcm", "lcm"],
]);

const SCHEDULES: ReadonlyMap<string, string> = new Map([
  ["karras", "karras"],
  ["exponential", "exponential"],
  ["beta", "beta"],
  ["sgm-uniform", "sgm_uniform"],
]);

/** The inputs of a KSampler; what has no counterpart is left out, and the node's default stands in for it. */
export function samplerNames(
  { sampler, schedule }: ImportedSettings,
  leaveOut: (field: "sampler" | "schedule", message: string) => void,
): { readonly sampler_name: string; readonly scheduler: string } {
  const named = sampler === undefined ? "euler" : SAMPLERS.get(sampler);
  if (named === undefined) leaveOut("sampler", `ComfyUI has no sampler "${sampler}", so euler stands in for it`);
  // The model's own schedule is that of the folder, which a checkpoint does not have.
  const scheduled = schedule === undefined ? "normal" : SCHEDULES.get(schedule);
  if (scheduled === undefined) {
    leaveOut("schedule", `ComfyUI has no schedule "${schedule}", so normal stands in for it`);
  }
  return { sampler_name: named ?? "euler", scheduler: scheduled ?? "normal" };
}
