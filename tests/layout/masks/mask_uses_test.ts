/** The images that layouts name, wherever they stand. */

import assert from "node:assert/strict";
import { formatPath } from "../../../errors.ts";
import type { Geometry, Region, Shape } from "../../../layout/layout.ts";
import { maskUses } from "../../../layout/masks/mask_uses.ts";

const mask = (asset: string): Shape => ({ kind: "MASK", asset, channel: "ALPHA", colour: null, inverted: false });
const cell: Shape = { kind: "CELL", cell: 0 };

const uses = (...geometries: readonly Geometry[]) =>
  maskUses({ regions: geometries.map((geometry) => ({ geometry }) as Region) })
    .map(({ asset, path }) => [asset, formatPath(path)]);

Deno.test("masks are found at any depth of unions and subtractions, in order, with their places", () => {
  assert.deepEqual(
    uses(
      cell,
      mask("a"),
      { kind: "UNION", of: [cell, mask("b"), { kind: "SUBTRACTION", from: mask("c"), subtract: [cell, mask("a")] }] },
      { kind: "SUBTRACTION", from: { kind: "UNION", of: [mask("d")] }, subtract: [mask("e")] },
      { kind: "REST" },
    ),
    [
      ["a", "regions[1].geometry.mask.asset"],
      ["b", "regions[2].geometry.union[1].mask.asset"],
      ["c", "regions[2].geometry.union[2].subtraction.from.mask.asset"],
      ["a", "regions[2].geometry.union[2].subtraction.subtract[1].mask.asset"],
      ["d", "regions[3].geometry.subtraction.from.union[0].mask.asset"],
      ["e", "regions[3].geometry.subtraction.subtract[0].mask.asset"],
    ],
  );
});

Deno.test("other shapes name no images", () => {
  assert.deepEqual(uses(cell, { kind: "REST" }, { kind: "ELLIPSE", cx: 0.5, cy: 0.5, rx: 0.1, ry: 0.1 }), []);
});
