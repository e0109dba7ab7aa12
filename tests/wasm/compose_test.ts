// deno-lint-ignore-file no-non-null-assertion
/** Weight maps by the kernels, against their twin in 64 bits and against the reference. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { blend } from "../../layout/weights/blend.ts";
import { ellipseMask } from "../../layout/masks/ellipse.ts";
import { feather, gaussianKernel } from "../../layout/masks/feather.ts";
import { productMask } from "../../layout/masks/mask.ts";
import type { LayoutSpec } from "../../layout/layout.ts";
import { compileWeightMaps, exactWeightMaps, type WeightMaps } from "../../layout/weights/weight_maps.ts";
import { maxDifference, readReferenceJson, readSafetensors } from "../../tools/parity/reference.ts";
import { type ReferenceLayout, referenceRegions } from "../../tools/parity/reference_layout.ts";
import { frontToBack } from "../../layout/weights/policies.ts";
import { composeMaps } from "../../wasm/compose.ts";
import { withKernels } from "../../wasm/memory.ts";
import type { KernelRegion, KernelShape } from "../../wasm/shapes.ts";
import { IMAGES as RANDOM_IMAGES, randomSpec, resolveOrThrow } from "../layout/random_layout.ts";
import { IMAGES, kernelTolerance, scenes } from "./scenes.ts";

const side = fc.integer({ min: 1, max: 90 });
const factor = fc.integer({ min: 1, max: 17 });

function compare(spec: LayoutSpec, size: { width: number; height: number; factor: number }, images = IMAGES): number {
  const layout = resolveOrThrow(spec);
  const maps = compileWeightMaps(layout, size, { images });
  const exact = exactWeightMaps(layout, size, { images });
  assert.deepEqual([maps.count, maps.height, maps.width], [exact.count, exact.height, exact.width]);
  assertSums(maps);
  return maxDifference(maps.data, exact.data);
}

function assertSums({ count, data }: Pick<WeightMaps, "count" | "data">): void {
  const cells = data.length / count;
  for (let cell = 0; cell < cells; cell++) {
    let sum = 0;
    for (let r = 0; r < count; r++) {
      const weight = data[r * cells + cell]!;
      assert(weight >= 0 && weight <= 1, `weight ${weight}`);
      sum += weight;
    }
    assert(Math.abs(sum - 1) < 1e-6, `sum ${sum}`);
  }
}

Deno.test("this engine runs the kernels", () => assert.notEqual(withKernels(({ kernels }) => kernels), null));

Deno.test("any layout of any size is within 1e-5 of the twin, and the maps sum to 1", () => {
  const feather = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.3, noNaN: true }));
  const specs = scenes({ regions: { maxLength: 6 }, feather, rest: true });
  fc.assert(
    fc.property(specs, side, side, factor, (spec, width, height, factor) => {
      const difference = compare(spec, { width, height, factor });
      assert(difference <= 1e-5, `differs by ${difference}`);
    }),
    { numRuns: 250 },
  );
});

Deno.test("where weights differ much, maps are within 2e-6 of the twin times their ratio", () => {
  fc.assert(
    fc.property(randomSpec, side, side, factor, (spec, width, height, factor) => {
      const difference = compare(spec, { width, height, factor }, RANDOM_IMAGES);
      const bound = kernelTolerance(spec.regions!.map((region) => region.weight!));
      assert(difference <= bound, `differs by ${difference}, more than ${bound}`);
    }),
    { numRuns: 150 },
  );
});

Deno.test("many regions are like few", () => {
  const specs = scenes({ regions: { minLength: 40, maxLength: 60 }, feather: fc.constantFrom(0, 0.02), rest: true });
  fc.assert(
    fc.property(specs, (spec) => {
      const difference = compare(spec, { width: 61, height: 43, factor: 8 });
      assert(difference <= 1e-5, `differs by ${difference}`);
    }),
    { numRuns: 8 },
  );
});

Deno.test("cells may reach far beyond the picture's right border", () => {
  const feather = fc.constantFrom(0, 0.2, 0.3);
  const specs = scenes({ regions: { minLength: 1, maxLength: 3 }, feather, rest: true });
  for (const [width, height, factor] of [[65, 65, 64], [33, 40, 32], [5, 70, 100]] as const) {
    fc.assert(
      fc.property(specs, (spec) => {
        const difference = compare(spec, { width, height, factor });
        assert(difference <= 1e-5, `differs by ${difference}`);
      }),
      { numRuns: 20 },
    );
  }
});

Deno.test("polygons of many crossing edges are drawn like few", () => {
  const point = fc.record({ x: fc.integer({ min: 0, max: 997 }), y: fc.integer({ min: 0, max: 997 }) })
    .map(({ x, y }) => ({ x: x / 997, y: y / 997 }));
  fc.assert(
    fc.property(fc.array(point, { minLength: 100, maxLength: 200 }), (points) => {
      const difference = compare({ regions: [{ prompt: "a", geometry: { polygon: { points } } }] }, {
        width: 60,
        height: 41,
        factor: 8,
      });
      assert(difference <= 1e-5, `differs by ${difference}`);
    }),
    { numRuns: 20 },
  );
});

Deno.test("sharp and narrow masks of large pictures are within 1e-5", () => {
  // Up to 9.9 pixels of standard deviation.
  const specs = scenes({ regions: { minLength: 2, maxLength: 5 }, feather: fc.constantFrom(0, 0.004, 0.033) });
  fc.assert(
    fc.property(specs, (spec) => {
      const difference = compare(spec, { width: 417, height: 300, factor: 8 });
      assert(difference <= 1e-5, `differs by ${difference}`);
    }),
    { numRuns: 12 },
  );
});

Deno.test("wide feathers of large pictures move no weight by more than 1.5e-3", () => {
  const specs = scenes({
    regions: { minLength: 1, maxLength: 5 },
    feather: fc.double({ min: 0.03, max: 0.3, noNaN: true }),
  });
  const sizes = fc.tuple(fc.integer({ min: 150, max: 220 }), fc.integer({ min: 150, max: 220 }), fc.boolean())
    // Even sizes are composed on squares of 2 x 2 pixels where all masks are smooth.
    .map(([w, h, even]) => ({ width: 2 * w + (even ? 0 : 1), height: 2 * h, factor: 8 }));
  fc.assert(
    fc.property(specs, sizes, (spec, size) => {
      const difference = compare({ ...spec, regions: spec.regions!.map((r) => ({ ...r, weight: 1 })) }, size);
      assert(difference <= 1.5e-3, `differs by ${difference}`);
    }),
    { numRuns: 40 },
  );
});

Deno.test("where many smooth masks begin to cover together, squares of 2 x 2 pixels stand for what is in them", () => {
  for (const copies of [2, 6, 12]) {
    const geometry = { rectangle: { x: 0.31, y: 0.27, width: 0.4, height: 0.45 } };
    const regions = Array.from({ length: copies }, () => ({ prompt: "a", feather: 22 / 320, geometry }));
    const difference = compare({ regions }, { width: 400, height: 320, factor: 8 });
    assert(difference <= 5e-4, `${copies} differ by ${difference}`);
    assert(difference > 1e-5, "every pixel was composed");
  }
});

Deno.test("a mask under a wide feather is within 2e-3 in every pixel", () => {
  const size = { width: 300, height: 260, factor: 1 };
  const shapes = [
    [[0.3, 0.2], [0.8, 0.4], [0.4, 0.9]], // inside
    [[0, 0.4], [1, 0.5], [1, 0.53], [0, 0.43]], // a thin band across
    [[0, 0], [0.5, 0], [0, 0.5]], // a corner
  ];
  for (const sigma of [12, 19.9, 20, 39.9, 40, 79, 81, 130]) {
    for (const shape of shapes) {
      const points = shape.map(([x, y]) => ({ x: x!, y: y! }));
      const layout = resolveOrThrow({
        regions: [{ prompt: "a", feather: sigma / 260, geometry: { polygon: { points } } }],
      });
      const difference = maxDifference(compileWeightMaps(layout, size).data, exactWeightMaps(layout, size).data);
      assert(difference <= 2e-3, `sigma ${sigma}: differs by ${difference}`);
    }
  }
});

const oracle = new URL("../fixtures/oracle/", import.meta.url);
const { cases } = readReferenceJson<{ cases: ReferenceLayout[] }>(new URL("weight-maps.json", oracle));
const tensors = readSafetensors(new URL("weight-maps.safetensors", oracle));

for (const layout of cases.filter(({ holes, error }) => holes !== "NEAREST" && error === undefined)) {
  Deno.test(`the kernels compose the reference's ${layout.name}`, () => {
    const regions = referenceRegions(layout);
    const given = regions.map(({ mask, weight, baseRatio }): KernelRegion => ({
      shape: mask,
      blur: null,
      weight,
      baseRatio,
    }));
    const order = layout.overlap === "Z_ORDER" ? frontToBack(regions.map(({ z }) => z)) : null;
    const { width, height } = layout;
    const composed = composeMaps(given, { frontToBack: order }, { width, height, factor: 8 })!;
    const expected = tensors.get(`${layout.name}/level.0`)!;
    // Smooth products are composed on squares of 2 x 2 pixels.
    const difference = maxDifference(composed.maps, expected.data);
    assert(difference <= (layout.name.startsWith("feather") ? 1e-4 : 1e-5), `differs by ${difference}`);
  });
}

Deno.test("a wide feather leaves what lies beyond its reach at exactly 0", () => {
  const size = { width: 800, height: 640, factor: 8 };
  const sigma = 24, reach = Math.ceil(3 * sigma);
  const layout = resolveOrThrow({
    regions: [{
      prompt: "a",
      feather: sigma / 640,
      geometry: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.2, ry: 0.25 } },
    }],
  });
  const { data, width, height } = compileWeightMaps(layout, size);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const far = (x + 1) * 8 <= 240 - reach || x * 8 >= 560 + reach || (y + 1) * 8 <= 160 - reach ||
        y * 8 >= 480 + reach;
      const deep = Math.abs(x + 0.5 - 50) < 5 && Math.abs(y + 0.5 - 40) < 5;
      const weight = data[(height + y) * width + x]!;
      if (far) assert.equal(weight, 0, `cell (${x}, ${y})`);
      else if (deep) assert.equal(weight, 1, `cell (${x}, ${y})`);
    }
  }
});

Deno.test("neighbours that tile the canvas, feathered or not, leave nothing to the base or to what lies behind", () => {
  const polygon = (...points: [number, number][]) => ({ polygon: { points: points.map(([x, y]) => ({ x, y })) } });
  const column = (x: number, width: number) => ({ rectangle: { x, y: 0, width, height: 1 } });
  const tilings = [
    [polygon([0, 0], [1, 0], [0, 1]), polygon([1, 0], [1, 1], [0, 1])],
    [column(0, 0.33), column(0.33, 0.34), column(0.67, 0.33)],
  ];
  const behind = { prompt: "b", z: -1, geometry: column(0, 1) };
  const assertEmpty = ({ data, count }: WeightMaps, map: number) => {
    const cells = data.length / count;
    assert(data.subarray(map * cells, (map + 1) * cells).every((weight) => weight === 0));
  };
  for (const [width, height] of [[640, 480], [641, 479], [90, 70]] as const) {
    const size = { width, height, factor: 8 };
    for (const feather of [0, 0.01, 0.05]) {
      for (const tiling of tilings) {
        const tiles = tiling.map((geometry) => ({ prompt: "a", feather, geometry }));
        for (const overlap of ["NORMALIZE", "Z_ORDER"] as const) {
          assertEmpty(compileWeightMaps(resolveOrThrow({ overlap, regions: tiles }), size), 0);
        }
        const stacked = resolveOrThrow({ overlap: "Z_ORDER", regions: [...tiles, behind] });
        assertEmpty(compileWeightMaps(stacked, size), stacked.regions.length);
      }
    }
  }
});

Deno.test("a region that covers everything is 1 everywhere, one that covers nothing 0", () => {
  const x = Float64Array.of(1, 1, 1, 1, 1), nothing = new Float64Array(3);
  const region = (shape: KernelShape): KernelRegion => ({ shape, blur: null, weight: 2, baseRatio: 0 });
  const size = { width: 5, height: 3, factor: 2 };
  const full = region(productMask(x, x.subarray(0, 3)));
  for (
    const shape of [
      { kind: "EMPTY" },
      productMask(x, nothing),
      { kind: "EDGES", rings: [] },
      { kind: "EDGES", rings: [[{ x: -9, y: -9 }, { x: -2, y: -9 }, { x: -2, y: -1 }]] },
      { kind: "ELLIPSE", cx: 30, cy: 1, rx: 2, ry: 2 },
    ] as const
  ) {
    for (const order of [null, [0, 1], [1, 0]]) {
      const { maps, holes, uncovered } = composeMaps([full, region(shape)], { frontToBack: order }, size)!;
      assert.deepEqual([...maps], [...Array(6).fill(0), ...Array(6).fill(1), ...Array(6).fill(0)]);
      assert.deepEqual([...holes], Array(6).fill(0));
      assert.equal(uncovered, 0);
    }
  }
  assert.deepEqual([...composeMaps([], { frontToBack: null }, size)!.maps], Array(6).fill(1));
});

Deno.test("the hole policies are the twin's, with and without holes", () => {
  const polygon = (points: [number, number][]) => ({ polygon: { points: points.map(([x, y]) => ({ x, y })) } });
  const open = [
    { prompt: "a", geometry: polygon([[0.1, 0.1], [0.5, 0.2], [0.3, 0.6]]), feather: 0.05 },
    { prompt: "b", geometry: polygon([[0.6, 0.5], [0.9, 0.6], [0.7, 0.9]]) },
  ];
  const size = { width: 300, height: 280, factor: 8 };
  const nearest = resolveOrThrow({ holes: "NEAREST", regions: open });
  assert.deepEqual(compileWeightMaps(nearest, size).data, exactWeightMaps(nearest, size).data);
  const error = resolveOrThrow({ holes: "ERROR", regions: open });
  const message = (compile: typeof compileWeightMaps) => {
    try {
      compile(error, size);
    } catch (thrown) {
      return String(thrown);
    }
    return "accepted";
  };
  assert.match(message(compileWeightMaps), /UNCOVERED|uncovered/);
  assert.equal(message(compileWeightMaps), message(exactWeightMaps));
  const closed = resolveOrThrow({ holes: "ERROR", regions: [...open, { prompt: "c", geometry: { rest: true } }] });
  assert(maxDifference(compileWeightMaps(closed, size).data, exactWeightMaps(closed, size).data) <= 1e-3);
});

Deno.test("a picture may be a line, and a blur wider than the picture", () => {
  const sigma = 30, taps = gaussianKernel(sigma);
  const ellipse = { cx: 20.5, cy: 0.5, rx: 40, ry: 40 };
  for (const [width, height] of [[1, 1], [70000, 1], [1, 70000], [3, 30000], [30000, 4]] as const) {
    const size = { width, height, factor: 8 };
    const region = { weight: 1, baseRatio: 0.25 };
    const given: KernelRegion = { ...region, shape: { kind: "ELLIPSE", ...ellipse }, blur: { sigma, taps } };
    const { maps } = composeMaps([given], { frontToBack: null }, size)!;
    const mask = feather(ellipseMask(ellipse, width, height), taps, width, height);
    const exact = blend([{ ...region, mask, z: 0 }], { overlap: "NORMALIZE", holes: "BASE" }, size);
    assertSums({ count: 2, data: maps });
    const difference = maxDifference(maps, exact.maps.data);
    assert(difference <= 1.5e-3, `${width} x ${height} differs by ${difference}`);
  }
});
