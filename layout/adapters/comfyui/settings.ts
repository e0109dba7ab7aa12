/** A sampler's settings by the names of a generation. */

import { quote } from "../../../errors.ts";
import type { ImportedSettings, SettingsDraft } from "../settings.ts";
import { LOADERS } from "./encoders.ts";
import type { ComfyNode } from "./node.ts";
import type { Reading } from "./reading.ts";
import type { Scalar } from "./rules.ts";
import { numberOf, type Scalars, Unknown } from "./scalars.ts";

/** Nodes that are one sampler, by its name. */
const SAMPLERS: ReadonlyMap<string, string> = new Map([
  ["SamplerEulerAncestral", "euler_ancestral"],
  ["SamplerDPMPP_2M_SDE", "dpmpp_2m_sde"],
  ["SamplerDPMPP_SDE", "dpmpp_sde"],
  ["SamplerLMS", "lms"],
  ["SamplerLCM", "lcm"],
]);

/** Nodes that are one schedule. */
const SCHEDULERS: ReadonlyMap<string, string> = new Map([
  ["KarrasScheduler", "karras"],
  ["ExponentialScheduler", "exponential"],
  ["BetaSamplingScheduler", "beta"],
]);

/** `AlignYourStepsScheduler`'s choices. */
const ALIGNED: ReadonlyMap<unknown, string> = new Map([["SD1", "ays"], ["SDXL", "ays-sdxl"]]);

/**
 * What ComfyUI's schedules compute (`comfy/samplers.py`), where that is another one's name here. `simple` and
 * `sgm_uniform` count evenly from the noisiest timestep down, which is "trailing" in diffusers; `ddim_uniform` counts
 * from timestep 1 up, as the schedulers of stock models do ("leading"); `normal` reaches from the last timestep to the
 * first, which no schedule here does.
 */
const SCHEDULES: ReadonlyMap<string, { readonly name: string; readonly but?: string }> = new Map([
  ["sgm_uniform", { name: "sgm-uniform" }],
  ["simple", { name: "sgm-uniform", but: "their timesteps differ by at most 1" }],
  ["ddim_uniform", {
    name: "model",
    but: "that is the same where the model's scheduler spaces its timesteps as `leading`",
  }],
  ["normal", { name: "model", but: "that is the same where the model's scheduler spaces its timesteps as `linspace`" }],
]);

/** Reads the settings of a sampler from the nodes that hold them; what cannot be carried over is named. */
export function readSettings(reading: Reading, scalars: Scalars, nodes: readonly ComfyNode[]): ImportedSettings {
  const settings: SettingsDraft = {};
  const holder = (...names: readonly string[]) => {
    for (const node of nodes) for (const name of names) if (node.inputs.has(name)) return { node, name };
    return undefined;
  };
  const number = (accepts: (value: number) => boolean, rule: string, ...names: readonly string[]) => {
    const found = holder(...names);
    if (found === undefined) return undefined;
    const value = scalars.setting(found.node, found.name), read = numberOf(value);
    if (read !== undefined && accepts(read)) return read;
    leaveOut(reading, found.node, found.name, value, rule);
    return undefined;
  };
  const steps = number((value) => Number.isInteger(value) && value > 0, "must be a whole number above 0", "steps");
  const cfg = number((value) => value >= 0, "must be at least 0", "cfg", "cfg_conds");
  const seedRule = "must be a whole number from 0 to 2^53 - 1";
  const seed = number((value) => Number.isSafeInteger(value) && value >= 0, seedRule, "seed", "noise_seed");
  if (steps !== undefined) settings.steps = steps;
  if (seed !== undefined) settings.seed = seed;
  // A guider without a negative prompt asks for no guidance.
  if (cfg !== undefined) settings.guidanceScale = cfg;
  else if (nodes.some(({ type }) => type === "BasicGuider")) settings.guidanceScale = 1;
  const sampler = nameOf(reading, scalars, nodes, "sampler_name", SAMPLERS);
  if (sampler !== undefined) settings.sampler = sampler;
  const schedule = scheduleOf(reading, scalars, nodes);
  if (schedule !== undefined) settings.schedule = schedule;
  checkLastStep(reading, scalars, holder("end_at_step"), steps);
  return settings;
}

function scheduleOf(reading: Reading, scalars: Scalars, nodes: readonly ComfyNode[]): string | undefined {
  const aligned = nodes.find(({ type }) => type === "AlignYourStepsScheduler");
  if (aligned !== undefined) return ALIGNED.get(reading.literal(aligned, "model_type"));
  const name = nameOf(reading, scalars, nodes, "scheduler", SCHEDULERS);
  const here = name === undefined ? undefined : SCHEDULES.get(name);
  if (here?.but !== undefined) {
    const message = `the schedule "${name}" was read as "${here.name}"; ${here.but}`;
    const holder = nodes.find(({ inputs }) => inputs.has("scheduler"));
    const path = holder === undefined ? reading.path : reading.at(holder, "scheduler");
    reading.findings.warn("SETTING_APPROXIMATED", path, message);
  }
  return here?.name ?? name;
}

/** A name that is an input of some node, or that a node is by its type. */
function nameOf(
  reading: Reading,
  scalars: Scalars,
  nodes: readonly ComfyNode[],
  input: string,
  byType: ReadonlyMap<string, string>,
): string | undefined {
  const holder = nodes.find(({ inputs }) => inputs.has(input));
  if (holder === undefined) return nodes.map(({ type }) => byType.get(type)).find((name) => name !== undefined);
  const name = scalars.setting(holder, input);
  if (typeof name === "string") return name;
  leaveOut(reading, holder, input, name, "must be a name");
  return undefined;
}

function checkLastStep(
  reading: Reading,
  scalars: Scalars,
  holder: { readonly node: ComfyNode; readonly name: string } | undefined,
  steps = 0,
): void {
  const last = holder === undefined ? undefined : numberOf(scalars.setting(holder.node, holder.name));
  if (holder === undefined || last === undefined || last >= steps) return;
  const message = `it ends at step ${last} of ${steps} and leaves the rest to another sampler, here all are painted`;
  reading.findings.warn("SETTING_LEFT_OUT", reading.at(holder.node, holder.name), message);
}

function leaveOut(
  reading: Reading,
  node: ComfyNode,
  name: string,
  value: Scalar | Unknown | undefined,
  rule: string,
): void {
  const what = value instanceof Unknown
    ? `cannot be worked out: it ${value.rule}, got ${quote(value.value)}`
    : `${rule}, got ${quote(value)}`;
  reading.findings.warn("SETTING_LEFT_OUT", reading.at(node, name), `${name} ${what}; it was left out`);
}

/** The name of the checkpoint that a sampler's model comes from, at the end of its line. */
export function readModelName(reading: Reading, node: ComfyNode): string | undefined {
  for (const name of ["ckpt_name", "unet_name", "base_ckpt_name"]) {
    const value = reading.literal(node, name);
    if (typeof value === "string") return value;
  }
  return undefined;
}

/** Whether a node is the end of the model's line. */
export function isModelLoader({ type, inputs }: ComfyNode): boolean {
  return LOADERS.has(type) || ["ckpt_name", "unet_name", "base_ckpt_name"].some((name) => inputs.has(name));
}
