/** Variations: noise between two seeds, against PyTorch. */

import assert from "node:assert/strict";
import { NormalNoise } from "../../../compute/pipeline/normal_noise.ts";
import { RegionNoise } from "../../../compute/pipeline/region_noise.ts";

const SIZE = { height: 3, width: 5 };
const COUNT = 60;
const options = { seed: 7, regionSeeds: [], count: COUNT };
const varied = (strength: number) => new RegionNoise({ ...options, variation: { seed: 8, strength, ...SIZE } });

Deno.test("the start is turned towards the other seed's, column by column", () => {
  const noise = varied(0.3).drawStart(null);
  // torch.randn(4, 3, 5) of both seeds; norms and dot products along dim 1, then the spherical interpolation by 0.3.
  const expected = {
    0: -0.94842,
    1: 1.10322,
    7: -0.61284,
    14: 0.593,
    15: 1.12868,
    29: 0.64768,
    44: -0.66574,
    59: 1.88126,
  };
  for (const [i, value] of Object.entries(expected)) {
    assert(Math.abs((noise[Number(i)] ?? NaN) - value) < 2e-5, `${i}: ${noise[Number(i)]}, not ${value}`);
  }
});

Deno.test("by all of the way it is the other seed's own noise, at any draw", () => {
  const noise = varied(1), other = new NormalNoise(8);
  noise.draw(null);
  other.draw(COUNT);
  const drawn = noise.drawStart(null);
  other.draw(COUNT).forEach((value, i) => assert(Math.abs(value - (drawn[i] ?? NaN)) < 1e-6));
});

Deno.test("what the sampler draws later is the seed's own, and so is noise of the same seed", () => {
  const noise = varied(0.5), plain = new NormalNoise(7);
  noise.drawStart(null);
  plain.draw(COUNT);
  assert.deepEqual(noise.draw(null), plain.draw(COUNT));
  const same = new RegionNoise({ ...options, variation: { seed: 7, strength: 0.4, ...SIZE } }).drawStart(null);
  new NormalNoise(7).draw(COUNT).forEach((value, i) => assert(Math.abs(value - (same[i] ?? NaN)) < 1e-6));
});

Deno.test("a region with a seed of its own keeps its noise", () => {
  const maps = { count: 2, ...SIZE, data: Float32Array.from({ length: 30 }, (_, i) => i % 15 < 7 === i < 15 ? 1 : 0) };
  const noise = new RegionNoise({ ...options, regionSeeds: [9], variation: { seed: 8, strength: 0.3, ...SIZE } });
  const drawn = noise.drawStart(maps), own = new NormalNoise(9).draw(COUNT), start = varied(0.3).drawStart(null);
  drawn.forEach((value, i) => assert.equal(value, i % 15 < 7 ? start[i] : own[i]));
});
