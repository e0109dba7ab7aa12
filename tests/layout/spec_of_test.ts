/** A layout's spec says what the layout says, and no more than it has to. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { PLAIN_LAYOUT } from "../../layout/layout.ts";
import { specOfLayout } from "../../layout/spec_of.ts";
import { randomCompleteSpec } from "./random_complete_layout.ts";
import { resolveOrThrow } from "./random_layout.ts";

Deno.test("the spec of a layout resolves to an equal layout", () => {
  fc.assert(
    fc.property(randomCompleteSpec, (spec) => {
      const layout = resolveOrThrow(spec);
      const again = resolveOrThrow(specOfLayout(layout));
      // A default stands for 0 and -0.
      assert.deepEqual(JSON.parse(JSON.stringify(again)), JSON.parse(JSON.stringify(layout)));
    }),
    { numRuns: 500 },
  );
});

Deno.test("no field of the spec can be left out", () => {
  fc.assert(
    fc.property(randomCompleteSpec, (random) => {
      const spec = specOfLayout(resolveOrThrow(random));
      const layout = JSON.stringify(resolveOrThrow(spec));
      for (const field of Object.keys(spec)) {
        if (field === "grid") continue; // regions may need it, and it may be all that a layout has
        assert.notEqual(JSON.stringify(resolveOrThrow({ ...spec, [field]: null })), layout, field);
      }
      spec.regions?.forEach((region, i) => {
        for (const field of Object.keys(region)) {
          if (["name", "geometry", "prompt"].includes(field)) continue;
          const regions = spec.regions?.with(i, { ...region, [field]: null }) ?? [];
          assert.notEqual(JSON.stringify(resolveOrThrow({ ...spec, regions })), layout, field);
        }
      });
    }),
    { numRuns: 200 },
  );
});

Deno.test("a mask's channel is left out where its colour says it", () => {
  const asset = "0".repeat(64);
  const masks = [
    { asset },
    { asset, colour: "#ff0000" },
    { asset, channel: "ALPHA", inverted: true },
  ] as const;
  const regions = masks.map((mask, i) => ({ name: `${i}`, prompt: "", geometry: { mask } }));
  assert.deepEqual(specOfLayout(resolveOrThrow({ regions })).regions, regions);
});

Deno.test("a plain layout has an empty spec; regions keep their names and cells", () => {
  assert.deepEqual(specOfLayout(PLAIN_LAYOUT), {});
  const layout = resolveOrThrow({
    grid: { direction: "ROWS", ratios: "1,1" },
    regions: [{ prompt: "a", enabled: true, z: 0 }, { prompt: "b", style: "ink", seed: 0 }],
  });
  assert.deepEqual(specOfLayout(layout), {
    grid: { direction: "ROWS", ratios: "1,1" },
    regions: [
      { name: "region 1", geometry: { cell: 0 }, prompt: "a" },
      { name: "region 2", geometry: { cell: 1 }, prompt: "b", style: "ink", seed: 0 },
    ],
  });
});
