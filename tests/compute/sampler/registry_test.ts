/** Names users write, and what is refused. */

import assert from "node:assert/strict";
import { type InvalidInputCode, InvalidInputError } from "../../../errors.ts";
import {
  createFromDiffusers,
  createSampler,
  findSampler,
  findSchedule,
  samplerOfFolder,
  type SamplerRequest,
  samplers,
} from "../../../compute/sampler/registry.ts";
import { EulerSampler } from "../../../compute/sampler/euler.ts";

const folder = {
  _class_name: "PNDMScheduler",
  _diffusers_version: "0.39.0",
  beta_end: 0.012,
  beta_schedule: "scaled_linear",
  beta_start: 0.00085,
  num_train_timesteps: 1000,
  prediction_type: "epsilon",
  set_alpha_to_one: false,
  skip_prk_steps: true,
  steps_offset: 1,
  timestep_spacing: "leading",
  trained_betas: null,
};

function wanted(request: Partial<SamplerRequest>): SamplerRequest {
  return { sampler: "euler", config: folder, steps: 10, ...request };
}

function refuses(request: Partial<SamplerRequest>, code: InvalidInputCode, path: readonly (string | number)[]): void {
  assert.throws(() => createSampler(wanted(request)), (error) => {
    assert.ok(error instanceof InvalidInputError, String(error));
    assert.deepEqual([error.code, error.path], [code, path], error.message);
    return true;
  });
}

Deno.test("names are unique, whatever the spelling", () => {
  for (const definition of samplers) {
    for (const name of [definition.name, definition.label, ...definition.aliases]) {
      assert.equal(findSampler(name)?.definition, definition, name);
      assert.equal(findSampler(name)?.schedule, undefined, name);
    }
  }
});

Deno.test("samplers are found as A1111, ComfyUI and diffusers write them", () => {
  const names: readonly (readonly [string, string, string?])[] = [
    ["Euler", "euler"],
    ["Euler a", "euler-a"],
    ["EULER_ANCESTRAL", "euler-a"],
    ["k_euler_a", "euler-a"],
    ["EulerAncestralDiscreteScheduler", "euler-a"],
    ["DPM++ 2M", "dpmpp-2m"],
    ["dpmpp_2m", "dpmpp-2m"],
    ["DPMSolverMultistepScheduler", "dpmpp-2m"],
    ["DPM++ 2M Karras", "dpmpp-2m", "karras"],
    ["dpmpp-2m-karras", "dpmpp-2m", "karras"],
    ["DPM++ 2M SGM Uniform", "dpmpp-2m", "sgm-uniform"],
    ["DPM++ 2M SDE Karras", "dpmpp-2m-sde", "karras"],
    ["DPM++ 2M SDE Exponential", "dpmpp-2m-sde", "exponential"],
    ["DPM++ SDE", "dpmpp-sde"],
    ["dpmpp_sde_gpu", "dpmpp-sde"],
    ["LMS Karras", "lms", "karras"],
    ["Euler Align Your Steps", "euler", "ays"],
    ["euler_beta", "euler", "beta"],
    ["PLMS", "pndm"],
    ["uni_pc", "unipc"],
    ["ddim", "ddim"],
    ["Heun", "heun"],
    ["LCM", "lcm"],
    ["TCD", "tcd"],
  ];
  for (const [written, name, schedule] of names) {
    const found = findSampler(written);
    assert.deepEqual([found?.definition.name, found?.schedule], [name, schedule], written);
  }
  for (const unknown of ["", "karras", "DDIM Karras", "restart", "eulerr"]) {
    assert.equal(findSampler(unknown), undefined);
  }
});

Deno.test("schedules are found by their other names", () => {
  assert.equal(findSchedule("SGM Uniform"), "sgm-uniform");
  assert.equal(findSchedule("Align Your Steps"), "ays");
  assert.equal(findSchedule("Automatic"), "model");
  assert.equal(findSchedule("polyexponential"), undefined);
});

Deno.test("a folder's own sampler is known", () => {
  assert.equal(samplerOfFolder(folder)?.name, "pndm");
  const dpm = { _class_name: "DPMSolverMultistepScheduler" };
  assert.equal(samplerOfFolder(dpm)?.name, "dpmpp-2m");
  assert.equal(samplerOfFolder({ ...dpm, algorithm_type: "sde-dpmsolver++" })?.name, "dpmpp-2m-sde");
  assert.equal(samplerOfFolder({ _class_name: "DEISMultistepScheduler" }), undefined);
});

Deno.test("every sampler runs every schedule it lists", () => {
  for (const { name, schedules, callsPerStep } of samplers) {
    for (const schedule of schedules) {
      const sampler = createSampler(wanted({ sampler: name, schedule, steps: 6 }));
      const calls = sampler.timesteps.length;
      assert.ok(
        calls === 6 || calls === 11 && callsPerStep === 2 || calls === 7 && name === "pndm",
        `${name} ${calls}`,
      );
      assert.ok(Number.isFinite(sampler.initNoiseSigma));
    }
  }
});

Deno.test("a sampler keeps the folder's spacing and the schedule replaces it", () => {
  assert.deepEqual(createSampler(wanted({ steps: 4 })).timesteps, [751, 501, 251, 1]);
  assert.deepEqual(createSampler(wanted({ steps: 4, schedule: "sgm-uniform" })).timesteps, [999, 749, 499, 249]);
  const implied = createSampler(wanted({ sampler: "DPM++ 2M Karras" }));
  assert.deepEqual(implied.timesteps, [999, 916, 815, 687, 523, 327, 146, 41, 7, 0]);
  const overridden = createSampler(wanted({ sampler: "DPM++ 2M Karras", schedule: "sgm-uniform" }));
  assert.equal(overridden.timesteps[1], 899);
});

Deno.test("a folder's sigma shape stays with samplers that have sigmas and leaves others alone", () => {
  const karras = { ...folder, use_karras_sigmas: true };
  const shaped = createSampler(wanted({ config: karras, sampler: "euler-a" }));
  const plain = createSampler(wanted({ config: folder, sampler: "euler-a" }));
  assert.notDeepEqual(shaped.timesteps, plain.timesteps);
  assert.deepEqual(createSampler(wanted({ config: karras, sampler: "ddim" })).timesteps[0], 901);
});

Deno.test("choosing a DPM++ sampler decides the algorithm over the folder", () => {
  const config = { ...folder, _class_name: "DPMSolverMultistepScheduler", algorithm_type: "sde-dpmsolver++" };
  const sampler = createSampler(wanted({ config, sampler: "dpmpp-2m" }));
  const x = Float32Array.of(1, -1);
  assert.doesNotThrow(() => sampler.step(x, 0, x));
});

Deno.test("unknown samplers are refused with the list of names", () => {
  refuses({ sampler: "restart" }, "UNKNOWN_SAMPLER", ["sampler"]);
  assert.throws(() => createSampler(wanted({ sampler: "restart" })), /euler-a/);
  assert.throws(
    () => createFromDiffusers("DEISMultistepScheduler", {}, 10),
    (error) => error instanceof InvalidInputError && error.code === "UNKNOWN_SAMPLER",
  );
});

Deno.test("steps must be a whole number that training allows", () => {
  refuses({ steps: 2.5 }, "INVALID_VALUE", ["steps"]);
  refuses({ steps: NaN }, "INVALID_VALUE", ["steps"]);
  refuses({ steps: 0 }, "OUT_OF_RANGE", ["steps"]);
  refuses({ steps: 1001 }, "OUT_OF_RANGE", ["steps"]);
  refuses({ steps: 51, sampler: "lcm" }, "OUT_OF_RANGE", ["steps"]);
  for (const sampler of ["unipc", "ddim", "pndm"]) refuses({ steps: 1000, sampler }, "OUT_OF_RANGE", ["steps"]);
});

Deno.test("what a sampler has no use for is refused, not ignored", () => {
  refuses({ sampler: "ddim", schedule: "karras" }, "UNSUPPORTED", ["schedule"]);
  refuses({ sampler: "euler", eta: 0.5 }, "UNSUPPORTED", ["eta"]);
  refuses({ sampler: "ddim", eta: 1.5 }, "OUT_OF_RANGE", ["eta"]);
  refuses({ sampler: "pndm", steps: 1, timesteps: [999] }, "UNSUPPORTED", ["timesteps"]);
  refuses({ sampler: "ddim", steps: 1, sigmas: [1, 0] }, "UNSUPPORTED", ["sigmas"]);
  refuses({ steps: 1, timesteps: [999], schedule: "karras" }, "INVALID_VALUE", ["schedule"]);
});

Deno.test("lists must fall and have an entry for every step", () => {
  refuses({ steps: 3, timesteps: [999, 500] }, "INVALID_VALUE", ["timesteps"]);
  refuses({ steps: 2, timesteps: [500, 999] }, "OUT_OF_RANGE", ["timesteps", 1]);
  refuses({ steps: 2, sigmas: [5, 1] }, "INVALID_VALUE", ["sigmas"]);
  refuses({ steps: 1, sigmas: [5, 0], timesteps: [999] }, "INVALID_VALUE", ["sigmas"]);
  refuses({ sampler: "ddim", steps: 2, timesteps: [1000, 5] }, "OUT_OF_RANGE", ["timesteps"]);
});

Deno.test("a run begins at one of its calls, and at the first of a step", () => {
  refuses({ begin: 10 }, "OUT_OF_RANGE", ["begin"]);
  refuses({ begin: -1 }, "OUT_OF_RANGE", ["begin"]);
  refuses({ sampler: "heun", begin: 3 }, "INVALID_VALUE", ["begin"]);
});

Deno.test("config values that are not implemented are refused", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["thresholding", true],
    ["use_flow_sigmas", true],
    ["use_dynamic_shifting", true],
    ["prediction_type", "flow_prediction"],
    ["beta_schedule", "laplace"],
    ["timestep_spacing", "even"],
    ["interpolation_type", "log_linear"],
    ["timestep_type", "continuous"],
    ["variance_type", "learned_range"],
    ["_class_name", "FlowMatchEulerDiscreteScheduler"],
  ];
  for (const [key, value] of cases) {
    refuses({ config: { ...folder, [key]: value } }, "UNSUPPORTED", ["scheduler_config", key]);
  }
});

Deno.test("config values of a wrong type are refused where they stand", () => {
  refuses({ config: null }, "INVALID_VALUE", ["scheduler_config"]);
  refuses({ config: { ...folder, beta_start: "0.1" } }, "NOT_A_NUMBER", ["scheduler_config", "beta_start"]);
  refuses({ config: { ...folder, num_train_timesteps: 0 } }, "OUT_OF_RANGE", [
    "scheduler_config",
    "num_train_timesteps",
  ]);
  refuses({ config: { ...folder, trained_betas: [0.1] } }, "INVALID_VALUE", ["scheduler_config", "trained_betas"]);
  refuses({ config: { ...folder, use_karras_sigmas: true, use_beta_sigmas: true } }, "INVALID_VALUE", [
    "scheduler_config",
    "use_beta_sigmas",
  ]);
});

Deno.test("diffusers' classes ignore keys they do not know", () => {
  const sampler = createFromDiffusers("EulerDiscreteScheduler", { ...folder, thresholding: true, anything: 1 }, 4);
  assert.ok(sampler instanceof EulerSampler);
});
