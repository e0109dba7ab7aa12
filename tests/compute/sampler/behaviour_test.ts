/** What holds for every sampler: purity, exactness on a perfect denoiser, noise levels, zero terminal SNR. */

import assert from "node:assert/strict";
import { createFromDiffusers, createSampler, samplers } from "../../../compute/sampler/registry.ts";
import type { Sampler } from "../../../compute/sampler/sampler.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";

const folder = {
  _class_name: "EulerDiscreteScheduler",
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: "scaled_linear",
  timestep_spacing: "trailing",
};
const zeroSnr = { ...folder, prediction_type: "v_prediction", rescale_betas_zero_snr: true };

/** Repeatable numbers in -2..2. */
function numbers(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => 2 * Math.sin((i + 1) * (seed + 1) * 12.9898));
}

function source(): () => Float32Array {
  let drawn = 0;
  return () => numbers(16, 100 + drawn++);
}

function run(sampler: Sampler, denoise: (x: Float32Array, i: number) => Float32Array, begin = 0): Float32Array {
  const noise = source();
  let x: Float32Array = numbers(16, 1).map((v) => v * sampler.initNoiseSigma);
  if (begin > 0) x = sampler.addNoise(numbers(16, 2), numbers(16, 3), begin);
  for (let i = begin; i < sampler.timesteps.length; i++) {
    x = sampler.step(denoise(sampler.scaleInput(x, i), i), i, x, noise).sample;
  }
  return x;
}

const tanh = (x: Float32Array) => x.map((v) => Math.tanh(v) / 2);

for (const { name, callsPerStep, stochastic, schedules } of samplers) {
  const make = (config: object = folder, begin = 0) => createSampler({ sampler: name, config, steps: 8, begin });

  Deno.test(`${name} never writes to its inputs`, () => {
    const sampler = make();
    const [x, output, clean, noise] = [numbers(16, 1), numbers(16, 2), numbers(16, 3), numbers(16, 4)];
    const before = [x, output, clean, noise].map((a) => a.slice());
    for (let i = 0; i < sampler.timesteps.length; i++) {
      sampler.scaleInput(x, i);
      sampler.step(output, i, x, () => noise);
      sampler.addNoise(clean, noise, i);
    }
    assert.deepEqual([x, output, clean, noise], before);
  });

  Deno.test(`${name} gives the same run twice`, () => {
    assert.deepEqual(run(make(), tanh), run(make(), tanh));
  });

  Deno.test(`${name} goes on in another that is given what it remembers, after any call`, () => {
    const whole = make();
    const noise = source();
    let x: Float32Array = numbers(16, 1).map((v) => v * whole.initNoiseSigma);
    let handed = make();
    for (let i = 0; i < whole.timesteps.length; i++) {
      const output = tanh(whole.scaleInput(x, i));
      const drawn = noise();
      const expected = whole.step(output, i, x, () => drawn);
      assert.deepEqual(handed.step(output, i, x, () => drawn), expected, `call ${i}`);
      const next = make();
      next.memory = structuredClone(handed.memory);
      handed = next;
      x = expected.sample;
    }
  });

  Deno.test(`${name} ends at the clean sample that a perfect denoiser always predicts`, () => {
    const clean = numbers(16, 7);
    const config = { ...folder, prediction_type: "sample", set_alpha_to_one: true };
    const sampler = make(config);
    const noise = source();
    let x: Float32Array = numbers(16, 1).map((v) => v * sampler.initNoiseSigma);
    for (let i = 0; i < sampler.timesteps.length; i++) {
      const step = sampler.step(clean, i, x, noise);
      // The consistency function of LCM lets a trace of the sample through.
      assert.ok(maxDifference(step.predOriginal, clean) < (name === "lcm" ? 2e-2 : 1e-5), `call ${i}`);
      x = step.sample;
    }
    // TCD ends at the first training timestep, which still has a little noise.
    const tolerance = name === "tcd" || name === "lcm" ? 0.2 : 1e-5;
    assert.ok(maxDifference(x, clean) < tolerance, `${maxDifference(x, clean)} off`);
  });

  Deno.test(`${name} continues from a noised sample as from its own`, () => {
    const begin = 4 * callsPerStep;
    const sampler = make(folder, begin);
    const clean = numbers(16, 2);
    const eps = numbers(16, 3);
    const noisy = sampler.addNoise(clean, eps, begin);
    // The noise that was added, predicted exactly, leads back to the clean sample.
    const { predOriginal } = sampler.step(eps, begin, noisy, source());
    assert.ok(maxDifference(predOriginal, clean) < 1e-3, `${maxDifference(predOriginal, clean)} off`);
    assert.ok(run(make(folder, begin), tanh, begin).every(Number.isFinite));
  });

  Deno.test(`${name} stays finite at zero terminal SNR, whatever the prediction type`, () => {
    for (const prediction_type of ["v_prediction", "epsilon", "sample"]) {
      for (const schedule of schedules) {
        const sampler = createSampler({ sampler: name, config: { ...zeroSnr, prediction_type }, steps: 8, schedule });
        assert.ok(run(sampler, tanh).every(Number.isFinite), `${prediction_type} ${schedule}`);
      }
    }
  });

  Deno.test(`${name} runs one step`, () => {
    const x = run(createSampler({ sampler: name, config: folder, steps: 1 }), tanh);
    assert.ok(x.every(Number.isFinite));
  });

  Deno.test(`${name} ${stochastic ? "asks for noise and varies with it" : "needs no noise"}`, () => {
    const sampler = make();
    const x = numbers(16, 1);
    if (!stochastic) {
      assert.doesNotThrow(() => sampler.step(x, 0, x));
      return;
    }
    assert.throws(() => sampler.step(x, 0, x), TypeError);
    const once = make().step(x, 0, x, () => numbers(16, 5)).sample;
    assert.ok(maxDifference(once, make().step(x, 0, x, () => numbers(16, 6)).sample) > 0.01);
  });

  Deno.test(`${name} refuses a call beyond its last`, () => {
    const sampler = make();
    const x = numbers(16, 1);
    assert.throws(() => sampler.step(x, sampler.timesteps.length, x, source()), RangeError);
    assert.throws(() => sampler.addNoise(x, x, sampler.timesteps.length), RangeError);
  });
}

Deno.test("PNDM that begins part-way takes its first step twice there", () => {
  const whole = createSampler({ sampler: "pndm", config: folder, steps: 5 });
  assert.deepEqual(whole.timesteps, [999, 799, 799, 599, 399, 199]);
  const part = createSampler({ sampler: "pndm", config: folder, steps: 5, begin: 2 });
  assert.deepEqual(part.timesteps, [999, 799, 599, 399, 399, 199]);
});

Deno.test("Euler under zero terminal SNR starts at sigma 4096", () => {
  assert.equal(createSampler({ sampler: "euler", config: zeroSnr, steps: 10 }).initNoiseSigma, 4096);
});

Deno.test("DDIM with the next timesteps given steps from one to the next", () => {
  const given = createSampler({ sampler: "ddim", config: folder, steps: 4, timesteps: [999, 749, 499, 249] });
  const spaced = createSampler({ sampler: "ddim", config: folder, steps: 4 });
  assert.deepEqual(run(given, tanh), run(spaced, tanh));
});

Deno.test("higher orders come closer to the exact solution than Euler does", () => {
  // Data that is one Gaussian of deviation 1/2 has a known probability flow: x is scaled by the level's deviation.
  const deviation = 0.5;
  const walk = (name: string, steps: number) => {
    const sampler = createSampler({ sampler: name, config: folder, steps, schedule: "karras" });
    const sigma0 = sampler.addNoise(Float32Array.of(0), Float32Array.of(1), 0)[0] ?? 0;
    const variancePreserving = sampler.initNoiseSigma === 1;
    let x: Float32Array = Float32Array.of(1);
    for (let i = 0; i < sampler.timesteps.length; i++) {
      const level = sampler.addNoise(Float32Array.of(0), Float32Array.of(1), i)[0] ?? 0;
      const alpha = variancePreserving ? Math.sqrt(1 - level ** 2) : 1;
      const eps = (x[0] ?? 0) * level / (alpha ** 2 * deviation ** 2 + level ** 2);
      x = sampler.step(Float32Array.of(eps), i, x).sample;
    }
    const alpha0 = variancePreserving ? Math.sqrt(1 - sigma0 ** 2) : 1;
    const exact = deviation / Math.sqrt(alpha0 ** 2 * deviation ** 2 + sigma0 ** 2);
    return Math.abs((x[0] ?? 0) / exact - 1);
  };
  const euler = walk("euler", 20);
  for (const name of ["heun", "dpmpp-2m", "unipc", "lms"]) {
    assert.ok(walk(name, 20) < 0.7 * euler, `${name}: ${walk(name, 20)}, Euler: ${euler}`);
  }
  assert.ok(walk("heun", 40) < walk("heun", 20));
});

Deno.test("PNDM with a Runge-Kutta start goes on after any of its calls", () => {
  const make = () => createFromDiffusers("PNDMScheduler", { skip_prk_steps: false }, 8);
  const whole = make();
  assert.equal(whole.timesteps.length, 17, "three steps of four calls");
  let handed = make();
  let x = numbers(16, 1);
  for (let i = 0; i < whole.timesteps.length; i++) {
    const output = tanh(x);
    const expected = whole.step(output, i, x);
    assert.deepEqual(handed.step(output, i, x), expected, `call ${i}`);
    const next = make();
    next.memory = structuredClone(handed.memory);
    handed = next;
    x = new Float32Array(expected.sample);
  }
});
