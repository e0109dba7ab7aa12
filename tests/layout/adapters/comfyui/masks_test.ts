/** Masks that nodes draw cover what ComfyUI's arithmetic covers; those in files are named. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { coveredBy } from "../../../../layout/adapters/comfyui/mask_geometry.ts";
import {
  composite,
  cropped,
  grown,
  mapped,
  type MaskGrid,
  type MaskOperation,
  solid,
  valueAt,
} from "../../../../layout/adapters/comfyui/mask_grid.ts";
import { compileWeightMaps } from "../../../../layout/weights/weight_maps.ts";
import { understood } from "../adapting.ts";
import { resolveOrThrow } from "../../random_layout.ts";
import { type ApiNode, type ApiNodes, HALVES, imported, node, placed, said, sampled } from "./frame.ts";

const masked = (cond: string, mask: string, more: Record<string, unknown> = {}): ApiNode =>
  node("ConditioningSetMask", {
    conditioning: [cond, 0],
    mask: [mask, 0],
    strength: 1,
    set_cond_area: "default",
    ...more,
  });

/** Two masked prompts. */
const pair = (left: string, right: string, ...nodes: readonly ApiNodes[]) =>
  imported(sampled({ positive: ["cc", 0] }, HALVES, {
    s1: masked("a", left),
    s2: masked("c", right),
    cc: node("ConditioningCombine", { conditioning_1: ["s1", 0], conditioning_2: ["s2", 0] }),
  }, ...nodes));

Deno.test("masks: halves that SolidMask and MaskComposite draw are rectangles, without a word", () => {
  const adaptation = pair("ml", "mr");
  const { layout } = understood(adaptation);
  assert.equal(layout.basePrompt, "");
  assert.deepEqual(placed(layout), [["red fox", [0, 0, 0.5, 1]], ["blue owl", [0.5, 0, 0.5, 1]]]);
  assert.deepEqual(said(adaptation), []);
  const inverted = pair("ml", "mi", { mi: node("InvertMask", { mask: ["ml", 0] }) });
  assert.deepEqual(understood(inverted).layout, layout);
});

Deno.test("masks: strengths multiply with the mask's level, and bounds are said", () => {
  const adaptation = imported(sampled({ positive: ["s1", 0] }, {
    m: node("SolidMask", { value: 0.5, width: 8, height: 8 }),
    s1: masked("a", "m", { strength: 3, set_cond_area: "mask bounds" }),
  }));
  assert.deepEqual(understood(adaptation).layout.regions.map(({ weight }) => weight), [1.5]);
  assert.deepEqual(said(adaptation), [
    'SETTING_LEFT_OUT s1: of ConditioningSetMask, this was left out: set_cond_area "mask bounds"',
  ]);
});

Deno.test("masks: a ramp is a feather whose middle is the border, and is said to be", () => {
  const adaptation = pair("mf", "mr", {
    f: node("FeatherMask", { mask: ["m1", 0], left: 0, top: 0, right: 64, bottom: 0 }),
    mf: node("MaskComposite", { destination: ["m0", 0], source: ["f", 0], x: 0, y: 0, operation: "add" }),
  });
  const { layout: { regions } } = understood(adaptation);
  assert.deepEqual(placed({ ...understood(adaptation).layout })[0], ["red fox", [0, 0, 352 / 768, 1]]);
  // A uniform distribution over 64 of 512 pixels has the standard deviation 64 / sqrt(12).
  assert.deepEqual(regions.map(({ feather }) => Number(feather.toFixed(6))), [0.036084, 0]);
  assert.match(said(adaptation)[0] ?? "", /^MASK_APPROXIMATED f: its linear ramp/);
});

Deno.test("masks: files and unknown nodes leave a region that is not enabled, and say what to upload", () => {
  const file = pair("mf", "mr", { mf: node("LoadImageMask", { image: "left.png", channel: "alpha" }) });
  const { layout } = understood(file);
  assert.deepEqual(layout.regions.map(({ prompt, enabled }) => [prompt, enabled]), [["red fox", false], [
    "blue owl",
    true,
  ]]);
  const [warning = ""] = said(file);
  assert.match(warning, /^MASK_LEFT_OUT mf: the mask of "red fox" is in "left.png"/);
  assert.match(warning, /mask: \{ asset: "its id", channel: ALPHA, inverted: true \}/);
  const image = pair("im", "mr", {
    li: node("LoadImage", { image: "both.png" }),
    im: node("InvertMask", { mask: ["li", 1] }),
  });
  assert.match(said(image)[0] ?? "", /"both.png".*channel: ALPHA \}/);
  const grey = pair("im", "mr", {
    li: node("LoadImage", { image: "both.png" }),
    im: node("ImageToMask", { image: ["li", 0], channel: "red" }),
  });
  assert.match(said(grey)[0] ?? "", /channel: LUMINANCE \}/);
  const unknown = pair("sam", "mr", { sam: node("SAMDetector", { hint: "fox" }) });
  assert.deepEqual(said(unknown).map((text) => text.slice(0, 30)), [
    "MASK_LEFT_OUT sam: the mask of",
    "NODE_UNKNOWN sam: what SAMDete",
  ]);
});

Deno.test("masks: an empty mask paints nothing, and that is said", () => {
  const adaptation = pair("m0", "mr");
  assert.equal(understood(adaptation).layout.regions[0]?.enabled, false);
  assert.match(said(adaptation)[0] ?? "", /^STRENGTH_ZERO .*"red fox" is empty/);
});

/** ComfyUI's own way: pixels. */
class Pixels {
  constructor(readonly width: number, readonly height: number, readonly data: readonly number[]) {}

  static of(grid: MaskGrid): Pixels {
    const data = Array.from(
      { length: grid.width * grid.height },
      (_, i) => valueAt(grid, i % grid.width + 0.5, Math.floor(i / grid.width) + 0.5),
    );
    return new Pixels(grid.width, grid.height, data);
  }

  at(x: number, y: number): number | undefined {
    return x < 0 || y < 0 || x >= this.width || y >= this.height ? undefined : this.data[y * this.width + x];
  }

  map(change: (x: number, y: number, value: number) => number): Pixels {
    const clamp = (value: number) => Math.min(1, Math.max(0, value));
    return new Pixels(
      this.width,
      this.height,
      this.data.map((value, i) => clamp(change(i % this.width, Math.floor(i / this.width), value))),
    );
  }

  composite(source: Pixels, left: number, top: number, operation: MaskOperation): Pixels {
    return this.map((x, y, d) => {
      const s = source.at(x - left, y - top);
      if (s === undefined) return d;
      const [a, b] = [d > 0.5, s > 0.5];
      return {
        multiply: d * s,
        add: d + s,
        subtract: d - s,
        and: +(a && b),
        or: +(a || b),
        xor: +(a !== b),
      }[operation];
    });
  }

  grow(by: number): Pixels {
    const best = by < 0 ? Math.min : Math.max, reach = Math.abs(by);
    return this.map((x, y, value) => {
      let result = value;
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) result = best(result, this.at(x + dx, y + dy) ?? value);
      }
      return result;
    });
  }
}

const step = fc.oneof(
  fc.record({
    kind: fc.constant("composite" as const),
    ...{ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) },
    ...{ x: fc.nat(11), y: fc.nat(9), value: fc.constantFrom(0, 0.25, 0.5, 1) },
    operation: fc.constantFrom<MaskOperation[]>("multiply", "add", "subtract", "and", "or", "xor"),
  }),
  fc.record({ kind: fc.constant("invert" as const) }),
  fc.record({ kind: fc.constant("grow" as const), by: fc.integer({ min: -3, max: 3 }) }),
);

Deno.test("masks: the grid is what ComfyUI's arithmetic gives, pixel by pixel", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 7 }), fc.constantFrom(0, 1), (steps, first) => {
      let grid = solid(first, 12, 10), pixels = Pixels.of(grid);
      for (const own of steps) {
        if (own.kind === "invert") {
          grid = mapped(grid, (value) => 1 - value);
          pixels = pixels.map((_x, _y, value) => 1 - value);
        } else if (own.kind === "grow") {
          grid = grown(grid, own.by) ?? grid;
          pixels = pixels.grow(own.by);
        } else {
          const source = solid(own.value, own.width, own.height);
          grid = composite(grid, source, own.x, own.y, own.operation) ?? grid;
          pixels = pixels.composite(Pixels.of(source), own.x, own.y, own.operation);
        }
      }
      assert.deepEqual(Pixels.of(grid).data, pixels.data);
      const part = cropped(grid, 3, 2, 20, 5);
      assert(part !== undefined);
      assert.deepEqual([part.width, part.height], [9, 5]);
      assert.deepEqual(Pixels.of(part).data[0], pixels.at(3, 2));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("masks: a cross is two rectangles that overlap, a frame is one without another", () => {
  const bar = composite(solid(0, 8, 8), solid(1, 2, 8), 3, 0, "add");
  const cross = bar && composite(bar, solid(1, 8, 2), 0, 3, "or");
  assert(cross !== undefined);
  assert.deepEqual(coveredBy(cross).geometry, {
    union: [
      { rectangle: { x: 0.375, y: 0, width: 0.25, height: 1 } },
      { rectangle: { x: 0, y: 0.375, width: 1, height: 0.25 } },
    ],
  });
  const frame = composite(solid(1, 8, 8), solid(1, 4, 4), 2, 2, "subtract");
  assert(frame !== undefined);
  assert.deepEqual(coveredBy(frame).geometry, {
    subtraction: {
      from: { rectangle: { x: 0, y: 0, width: 1, height: 1 } },
      subtract: [{ rectangle: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 } }],
    },
  });
});

Deno.test("masks: geometry covers the cells of a mask and no others, and no seam within a pixel", () => {
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.boolean(), (steps, double) => {
    let grid = solid(0, 12, 10);
    for (const own of steps) {
      if (own.kind === "composite") {
        grid = composite(grid, solid(1, own.width, own.height), own.x, own.y, own.operation === "xor" ? "xor" : "or") ??
          grid;
      } else if (own.kind === "invert") grid = mapped(grid, (value) => 1 - value);
    }
    const { geometry, exact } = coveredBy(grid);
    assert(exact);
    const empty = Pixels.of(grid).data.every((value) => value === 0);
    assert.equal(geometry === null, empty);
    if (geometry === null) return;
    const size = double ? { width: 24, height: 20 } : { width: 12, height: 10 };
    const layout = resolveOrThrow({ regions: [{ prompt: "x", geometry }] });
    const { data } = compileWeightMaps(layout, { ...size, factor: 1 });
    const drawn = [...data.subarray(size.width * size.height)].map((value) => Number(value.toFixed(6)));
    const scale = double ? 2 : 1;
    const wanted = drawn.map((_, i) =>
      valueAt(grid, (i % size.width + 0.5) / scale, (Math.floor(i / size.width) + 0.5) / scale)
    );
    assert.deepEqual(drawn, wanted);
  }));
});
