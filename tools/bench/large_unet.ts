/**
 * `deno task bench:large FOLDER [PROVIDER]`: loads the UNet that `large_unet.py` wrote, rewrites it and runs guided
 * two-region steps at 512 x 512; prints what that takes.
 */

import { readModelConfig } from "../../compute/model/config.ts";
import { Unet } from "../../compute/model/unet.ts";
import { denoise } from "../../compute/pipeline/denoise.ts";
import { NormalNoise } from "../../compute/pipeline/normal_noise.ts";
import { chooseRuntime, parseProvider } from "../../compute/runtime/choose.ts";
import { createSampler } from "../../compute/sampler/registry.ts";
import type { Tensor } from "../../compute/tensor.ts";
import { equalCells } from "./layouts.ts";
import { peakMemory } from "../../cli/peak_memory.ts";

const EDGE = 512;
const TOKENS = 77;
const GOAL_BYTES = 10e9;

async function main([folder, provider = "wasm"]: readonly string[]): Promise<number> {
  if (folder === undefined) {
    console.error("usage: deno task bench:large FOLDER [PROVIDER], a folder that tools/bench/large_unet.py wrote");
    return 2;
  }
  const config = readModelConfig(folder, "large");
  const runtime = await chooseRuntime(parseProvider(provider), { threads: navigator.hardwareConcurrency });
  let since = performance.now();
  const lap = () => {
    const seconds = (performance.now() - since) / 1000;
    since = performance.now();
    return `${seconds.toFixed(1)} s`;
  };
  const report = (what: string) =>
    console.log(`${what.padEnd(42)} ${lap().padStart(8)}   peak RSS ${(peakMemory("self") / 1e9).toFixed(2)} GB`);

  const unet = await Unet.load(runtime, folder, config);
  report("loaded and rewritten");

  const noise = new NormalNoise(0);
  const draw = (...dims: number[]): Tensor => ({ dims, data: noise.draw(dims.reduce((a, b) => a * b, 1)) });
  const context = () => draw(TOKENS, config.contextWidth);
  const maps = equalCells(2, 0.2, { edge: EDGE, factor: config.vaeFactor });
  const cells = EDGE / config.vaeFactor;
  const steps = denoise({
    unet,
    sampler: createSampler({ sampler: "ddim", config: config.scheduler, steps: 3, schedule: "model" }),
    start: draw(1, config.unet.in_channels, cells, cells),
    mode: "attention",
    begin: 0,
    cond: [context(), context(), context()],
    uncond: [context()],
    mapsAt: () => maps,
    guidanceScales: [7.5, 7.5, 7.5],
  });
  for await (const { index, sample } of steps) {
    report(`guided step ${index + 1} of base and two regions`);
    if (!sample.every(Number.isFinite)) {
      console.error("The step gave numbers that are not finite");
      return 1;
    }
  }
  await unet.release();
  return peakMemory("self") <= GOAL_BYTES ? 0 : 1;
}

Deno.exit(await main(Deno.args));
