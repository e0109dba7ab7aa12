/** Noise with a seed per region: unit variance everywhere, and a re-roll that changes its region alone. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { NormalNoise } from "../../../compute/pipeline/normal_noise.ts";
import { RegionNoise } from "../../../compute/pipeline/region_noise.ts";

const CHANNELS = 4;

/** Maps of one row of cells: by map, the weight in each. */
function rowOf(...maps: readonly (readonly number[])[]) {
  const width = maps[0]?.length ?? 0;
  return { count: maps.length, height: 1, width, data: Float32Array.from(maps.flat()) };
}

const bits = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

Deno.test("without region seeds, or with the generation's own, every draw is the plain noise", () => {
  const maps = rowOf([0.3, 0.5, 0, 1], [0.7, 0.25, 0.4, 0], [0, 0.25, 0.6, 0]);
  for (const regionSeeds of [[null, null], [5, null], [5, 5]]) {
    const noise = new RegionNoise({ seed: 5, regionSeeds, count: 16 });
    const plain = new NormalNoise(5);
    for (const at of [null, maps, maps]) assert.deepEqual(bits(noise.draw(at)), bits(plain.draw(16)));
  }
});

Deno.test("a cell of one seed has that seed's noise, bit for bit, whatever its weights sum to", () => {
  const maps = rowOf([1, 0, 0, 0.5], [0, 1, 0.9999999, 0], [0, 0, 0, 0.5]);
  const drawn = new RegionNoise({ seed: 1, regionSeeds: [2, null], count: 4 * CHANNELS }).draw(maps);
  const base = new NormalNoise(1).draw(16), own = new NormalNoise(2).draw(16);
  const expected = base.map((value, i) => [1, 2].includes(i % 4) ? own[i] ?? NaN : value);
  assert.deepEqual(bits(drawn), bits(expected));
});

Deno.test("where seeds meet, their noises mix by weight over the root of the weights' squares", () => {
  const maps = rowOf(new Array(16).fill(0.2), new Array(16).fill(0.5), new Array(16).fill(0.3));
  const drawn = new RegionNoise({ seed: 1, regionSeeds: [2, 3], count: 16 }).draw(maps);
  const [a, b, c] = [1, 2, 3].map((seed) => new NormalNoise(seed).draw(16));
  drawn.forEach((value, i) => {
    const expected = (0.2 * (a?.[i] ?? 0) + 0.5 * (b?.[i] ?? 0) + 0.3 * (c?.[i] ?? 0)) / Math.sqrt(0.38);
    assert(Math.abs(value - expected) < 1e-6);
  });
});

Deno.test("regions of one seed count together: split in two, a region's noise stays", () => {
  const whole = new RegionNoise({ seed: 1, regionSeeds: [2], count: 16 });
  const split = new RegionNoise({ seed: 1, regionSeeds: [2, 2], count: 16 });
  const one = whole.draw(rowOf([0.5, 0.25], [0.5, 0.75])),
    two = split.draw(rowOf([0.5, 0.25], [0.25, 0.5], [0.25, 0.25]));
  assert.deepEqual(bits(one), bits(two));
});

Deno.test("the variance is 1 in every cell, however many seeds meet in it", () => {
  const maps = rowOf([1, 0.5, 0.25, 0.4, 0.01], [0, 0.5, 0.25, 0.3, 0.98], [0, 0, 0.5, 0.3, 0.01]);
  const rounds = 20_000, cells = 5;
  const noise = new RegionNoise({ seed: 7, regionSeeds: [8, 9], count: cells * CHANNELS });
  const sums = new Float64Array(cells), squares = new Float64Array(cells);
  for (let round = 0; round < rounds; round++) {
    noise.draw(maps).forEach((value, i) => {
      sums[i % cells] = (sums[i % cells] ?? 0) + value;
      squares[i % cells] = (squares[i % cells] ?? 0) + value * value;
    });
  }
  const count = rounds * CHANNELS; // the estimated variance has standard deviation sqrt(2 / 80,000) = 0.005
  for (let cell = 0; cell < cells; cell++) {
    const mean = (sums[cell] ?? NaN) / count;
    const variance = (squares[cell] ?? NaN) / count - mean ** 2;
    assert(Math.abs(mean) < 0.02 && Math.abs(variance - 1) < 0.025, `cell ${cell}: mean ${mean}, variance ${variance}`);
  }
});

/** Maps of three regions and the base that sum to 1, with many zeros. */
const anyMaps = fc.array(
  fc.tuple(...[0, 1, 2, 3].map(() => fc.constantFrom(0, 0, 1, 2))).filter((w) => w.some((v) => v > 0)),
  { minLength: 4, maxLength: 9 },
).map((cells) => {
  const of = (r: number) => cells.map((w) => (w[r] ?? 0) / w.reduce<number>((a, b) => a + b, 0));
  return rowOf(of(0), of(1), of(2), of(3));
});

Deno.test("a new seed for one region changes every draw where it has weight, and no bit elsewhere", () => {
  const seed = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(fc.property(anyMaps, seed, seed, fc.option(seed), (maps, before, after, other) => {
    fc.pre(before !== after && ![before, after].includes(0) && ![before, after].includes(other ?? 0));
    const count = maps.width * CHANNELS;
    const noiseOf = (own: number) => new RegionNoise({ seed: 0, regionSeeds: [own, other, null], count });
    const first = noiseOf(before), second = noiseOf(after);
    for (let draw = 0; draw < 3; draw++) {
      const a = bits(first.draw(maps)), b = bits(second.draw(maps));
      const changed = Array.from(a, (bit, i) => bit === b[i] ? [] : i % maps.width).flat();
      const own = Array.from({ length: maps.width }, (_, cell) => cell).filter((c) => maps.data[maps.width + c] !== 0);
      assert.deepEqual([...new Set(changed)].sort((c, d) => c - d), own, `draw ${draw}`);
    }
  }));
});

Deno.test("where a region lies does not change what its seed gives later", () => {
  const left = rowOf([0, 1, 1, 1], [1, 0, 0, 0]), right = rowOf([1, 1, 1, 0], [0, 0, 0, 1]);
  const moved = new RegionNoise({ seed: 1, regionSeeds: [2], count: 16 });
  const still = new RegionNoise({ seed: 1, regionSeeds: [2], count: 16 });
  moved.draw(left);
  still.draw(right);
  assert.deepEqual(bits(moved.draw(right)), bits(still.draw(right)));
});

Deno.test("a seed that takes over cells has them, whatever the weights say, and shares them with variance 1", () => {
  const maps = rowOf([0.5, 0.5, 0.5, 1], [0.5, 0.5, 0.5, 0]);
  const shares = Float32Array.of(0, 1, 0.6, 0);
  const options = { seed: 1, regionSeeds: [2], count: 4 * CHANNELS };
  const before = new RegionNoise(options), after = new RegionNoise({ ...options, takeovers: [{ seed: 3, shares }] });
  const taken = new NormalNoise(3);
  for (let draw = 0; draw < 2; draw++) {
    const was = before.draw(maps), own = taken.draw(16);
    after.draw(maps).forEach((value, i) => {
      if (i % 4 === 1) assert.equal(value, own[i]);
      else if (i % 4 !== 2) assert.equal(value, was[i]);
      else {
        // What was there is (n1 + n2) / 2 over the root of 1 / 2.
        const expected = (0.4 * Math.SQRT1_2 * (was[i] ?? NaN) + 0.6 * (own[i] ?? NaN)) / Math.hypot(0.2, 0.2, 0.6);
        assert(Math.abs(value - expected) < 1e-6);
      }
    });
  }
});

Deno.test("the later of two seeds takes over from the earlier, and a seed that is there already is no other noise", () => {
  const maps = rowOf([1, 1, 1, 1]);
  const options = { seed: 1, regionSeeds: [], count: 16 };
  const [own, , , later] = [1, 2, 3, 4].map((seed) => new NormalNoise(seed).draw(16));
  const takeovers = [3, 4].map((seed) => ({ seed, shares: Float32Array.of(1, 0, 1, 0) }));
  new RegionNoise({ ...options, takeovers }).draw(maps).forEach((value, i) => {
    assert.equal(value, (i % 2 === 0 ? later : own)?.[i]);
  });
  const same = new RegionNoise({ ...options, takeovers: [{ seed: 1, shares: Float32Array.of(0, 0.3, 0.5, 1) }] });
  assert.deepEqual(same.draw(maps), own);
});
