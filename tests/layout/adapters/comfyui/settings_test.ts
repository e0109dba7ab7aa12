/** Settings of ComfyUI's samplers as those of a generation: carried over, or named. */

import assert from "node:assert/strict";
import type { ImportedSettings } from "../../../../layout/adapters/settings.ts";
import { takeSettings } from "../../../../schema/layout/imported_settings.ts";
import { type ApiNodes, FRAME, imported, node, said, sampled } from "./frame.ts";

/** The settings of a frame whose sampler has other inputs, with what is said. */
function read(inputs: Readonly<Record<string, unknown>>, ...nodes: readonly ApiNodes[]) {
  const adaptation = imported(sampled(inputs, ...nodes));
  if ("problems" in adaptation) throw new Error(adaptation.problems.map(({ message }) => message).join("\n"));
  return { settings: adaptation.settings, said: said(adaptation) };
}

Deno.test("settings: a KSampler's, by the names that a generation takes", () => {
  const { settings } = read({});
  assert.deepEqual(settings, {
    ...{
      model: "m",
      width: 768,
      height: 512,
      steps: 20,
      sampler: "euler",
      schedule: "karras",
      guidanceScale: 7,
      seed: 1,
    },
  });
  const { model: _, ...taken } = settings;
  assert.deepEqual(takeSettings(settings, false).settings, taken);
});

// ComfyUI's names, ours after `takeSettings`, and whether a warning says that they differ.
const SCHEDULES: readonly (readonly [string, string | undefined, boolean])[] = [
  ["karras", "karras", false],
  ["exponential", "exponential", false],
  ["beta", "beta", false],
  ["sgm_uniform", "sgm-uniform", false],
  ["simple", "sgm-uniform", true],
  ["normal", "model", true],
  ["ddim_uniform", "model", true],
  ["kl_optimal", undefined, false],
];

for (const [theirs, ours, differs] of SCHEDULES) {
  Deno.test(`settings: the schedule ${theirs} is ${ours ?? "left out"}`, () => {
    const answer = read({ scheduler: theirs });
    const { settings, warnings } = takeSettings(answer.settings, false);
    assert.equal(settings.schedule, ours);
    assert.equal(answer.said.some((line) => line.startsWith("SETTING_APPROXIMATED k.scheduler")), differs);
    assert.equal(warnings.some(({ message }) => message.includes(theirs)), ours === undefined);
  });
}

const SAMPLERS: Readonly<Record<string, string | undefined>> = {
  euler: "euler",
  euler_ancestral: "euler-a",
  dpmpp_2m: "dpmpp-2m",
  dpmpp_2m_sde_gpu: "dpmpp-2m-sde",
  dpmpp_sde: "dpmpp-sde",
  uni_pc_bh2: "unipc",
  ddim: "ddim",
  heun: "heun",
  lms: "lms",
  lcm: "lcm",
  dpmpp_3m_sde: undefined,
  dpm_adaptive: undefined,
};

for (const [theirs, ours] of Object.entries(SAMPLERS)) {
  Deno.test(`settings: the sampler ${theirs} is ${ours ?? "left out"}`, () => {
    assert.equal(takeSettings(read({ sampler_name: theirs }).settings, false).settings.sampler, ours);
  });
}

Deno.test("settings: what has no counterpart is named at its node, with its value", () => {
  const { settings, said: lines } = read({ seed: 18446744073709551615, denoise: 0.6, steps: 0, cfg: ["w", 0] }, {
    l: node("EmptyLatentImage", { width: 768, height: 512, batch_size: 4 }),
    w: node("RandomFloat", { least: 1 }),
  });
  const left: ImportedSettings = { model: "m", width: 768, height: 512, sampler: "euler", schedule: "karras" };
  assert.deepEqual(settings, left);
  assert.deepEqual(lines, [
    "SETTING_LEFT_OUT k.steps: steps must be a whole number above 0, got 0; it was left out",
    'SETTING_LEFT_OUT k.cfg: cfg cannot be worked out: it must be a value, or be connected to nodes whose value can be worked out, got "RandomFloat"; it was left out',
    "SETTING_LEFT_OUT k.seed: seed must be a whole number from 0 to 2^53 - 1, got 18446744073709552000; it was left out",
    "SETTING_LEFT_OUT l: of EmptyLatentImage, this was left out: batch_size 4",
    "SETTING_LEFT_OUT k: of KSampler, this was left out: denoise 0.6",
    "NODE_UNKNOWN w: what RandomFloat does was left out: least 1",
  ]);
});

Deno.test("settings: the first sampler in the flow of the picture is read, the others are named with their texts", () => {
  const { k } = FRAME;
  const adaptation = imported({
    again: node("KSampler", { ...k?.inputs, positive: ["a", 0], latent_image: ["up", 0], steps: 5 }),
    ...sampled({}, { up: node("LatentUpscale", { samples: ["k", 0], width: 1536, height: 1024 }) }),
  });
  assert("settings" in adaptation);
  assert.deepEqual([adaptation.settings.steps, adaptation.settings.width], [20, 768]);
  assert.deepEqual(said(adaptation).map((line) => line.slice(0, 70)), [
    'SEVERAL_SAMPLERS again: there are 2 samplers; KSampler at "k", the fir',
    "NODE_UNKNOWN again: what KSampler does was left out: seed 1, steps 5, ",
    'NODE_UNKNOWN a: what CLIPTextEncode does was left out: text "red fox"',
    "NODE_UNKNOWN up: what LatentUpscale does was left out: width 1536, hei",
  ]);
});

Deno.test("settings: a guider of one prompt asks for no guidance, one of two prompts names what it leaves out", () => {
  const { k: _, ...frame } = FRAME;
  const custom = (guider: ApiNodes) =>
    imported({
      ...frame,
      ...guider,
      rn: node("RandomNoise", { noise_seed: 4 }),
      ks: node("SamplerEulerAncestral", { eta: 1, s_noise: 1 }),
      sg: node("KarrasScheduler", { steps: 9, sigma_max: 14.614642, sigma_min: 0.0291675, rho: 7 }),
      z: node("SamplerCustomAdvanced", {
        ...{ noise: ["rn", 0], guider: ["g", 0], sampler: ["ks", 0], sigmas: ["sg", 0], latent_image: ["l", 0] },
      }),
    });
  const basic = custom({ g: node("BasicGuider", { model: ["1", 0], conditioning: ["a", 0] }) });
  assert("settings" in basic);
  const { steps, seed, sampler, schedule, guidanceScale } = basic.settings;
  assert.deepEqual([steps, seed, sampler, schedule, guidanceScale], [9, 4, "euler_ancestral", "karras", 1]);
  assert.deepEqual([basic.spec.basePrompt, basic.spec.negativePrompt, said(basic)], ["red fox", "", []]);
  const dual = custom({
    g: node("DualCFGGuider", {
      ...{ model: ["1", 0], cond1: ["a", 0], cond2: ["c", 0], negative: ["n", 0] },
      ...{ cfg_conds: 6, cfg_cond2_negative: 3, style: "regular" },
    }),
  });
  assert("settings" in dual);
  assert.deepEqual([dual.spec.basePrompt, dual.settings.guidanceScale], ["red fox", 6]);
  assert.deepEqual(said(dual), [
    'NODE_UNKNOWN c: what CLIPTextEncode does was left out: text "blue owl"',
    'SETTING_LEFT_OUT g: of DualCFGGuider, this was left out: cfg_cond2_negative 3, style "regular"',
  ]);
});
