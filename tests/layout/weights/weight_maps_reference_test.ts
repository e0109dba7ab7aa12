// deno-lint-ignore-file no-non-null-assertion
/** The weight maps of the reference implementation, on every level and at single pixels. */

import assert from "node:assert/strict";
import { InvalidInputError } from "../../../errors.ts";
import { blend } from "../../../layout/weights/blend.ts";
import { weightMapLevels } from "../../../layout/weights/weight_maps.ts";
import { maxDifference, readReferenceJson, readSafetensors } from "../../../tools/parity/reference.ts";
import { type ReferenceLayout, referenceRegions, referenceRules } from "../../../tools/parity/reference_layout.ts";

const oracle = new URL("../../fixtures/oracle/", import.meta.url);
const { cases } = readReferenceJson<{ cases: ReferenceLayout[] }>(new URL("weight-maps.json", oracle));
const tensors = readSafetensors(new URL("weight-maps.safetensors", oracle));

Deno.test("the reference has its 21 layouts", () => assert.equal(cases.length, 21));

for (const layout of cases) {
  const { name, width, height } = layout;
  const compile = (factor: number) =>
    blend(referenceRegions(layout), referenceRules(layout), { width, height, factor }).maps;

  if (layout.error !== undefined) {
    Deno.test(`weight maps of ${name}: rejected with the uncovered share`, () => {
      assert.throws(() => compile(8), (error) => {
        assert(error instanceof InvalidInputError);
        assert.equal(error.code, "UNCOVERED");
        assert.deepEqual(error.path, ["layout", "holes"]);
        const share = Number(/share ([\d.e-]+)/.exec(error.message)?.[1]);
        assert(Math.abs(share - layout.uncovered_share!) < 1e-6, error.message);
        return true;
      });
    });
    continue;
  }

  Deno.test(`weight maps of ${name}: every level`, () => {
    const stored = [...tensors.keys()].filter((key) => key.startsWith(`${name}/level.`)).length;
    assert(stored > 0);
    weightMapLevels(compile(8), stored).forEach((maps, level) => {
      const expected = tensors.get(`${name}/level.${level}`)!;
      assert.deepEqual([maps.count, maps.height, maps.width], expected.dims);
      const difference = maxDifference(maps.data, expected.data);
      assert(difference <= 1e-6, `level ${level} differs by ${difference}`);
    });
  });

  Deno.test(`weight maps of ${name}: single pixels and means`, () => {
    const maps = compile(1);
    for (const { x, y, w } of layout.probes!) {
      const weights = w.map((_, r) => maps.data[(r * height + y) * width + x]!);
      assert(maxDifference(weights, w) <= 1e-6, `pixel (${x}, ${y}): ${weights} instead of ${w}`);
    }
    layout.mean!.forEach((mean, r) => {
      const map = maps.data.subarray(r * width * height, (r + 1) * width * height);
      const difference = Math.abs(map.reduce((a, b) => a + b, 0) / map.length - mean);
      assert(difference <= 1e-6, `mean of map ${r} differs by ${difference}`);
    });
  });
}
