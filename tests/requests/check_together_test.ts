/** What cannot be had together is refused at its field, and what can is not. */

import assert from "node:assert/strict";
import type { FieldPath } from "../../errors.ts";
import type { LayoutSpec } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { checkTogether } from "../../requests/check_together.ts";

const WINDOWS = { size: 64, overlap: 16 };
const SECOND = { scale: 2, upscale: "pixel", strength: 0.5, steps: 4 } as const;
const REROLLS = [{ of: null, regions: [{ name: "r", seed: 1 }], lockRest: true }];

const PLACED: LayoutSpec = {
  regions: [{ name: "r", prompt: "a fox", geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } } }],
};
const FOUND: LayoutSpec = {
  basePrompt: "a fox",
  regions: [{ name: "r", prompt: "a cat", geometry: { words: { of: "fox" } } }],
};

function refused(spec: LayoutSpec, asked: Partial<Parameters<typeof checkTogether>[1]>): readonly string[] {
  const resolution = resolveLayout(spec, { maxRegions: 4 });
  assert.ok("layout" in resolution);
  const fields: string[] = [];
  const fail = (code: string, field: string | FieldPath) => {
    fields.push(`${code} ${[field].flat().join(".")}`);
  };
  checkTogether(
    resolution.layout,
    { rerolls: undefined, windows: undefined, secondPass: undefined, ...asked },
    fail,
  );
  return fields;
}

Deno.test("regions found by words are seen in the whole picture, once", () => {
  assert.deepEqual(refused(FOUND, { windows: WINDOWS, secondPass: SECOND }), [
    "UNSUPPORTED windows",
    "UNSUPPORTED secondPass",
  ]);
  assert.deepEqual(refused(FOUND, { rerolls: REROLLS }), []);
  assert.deepEqual(refused(PLACED, { windows: WINDOWS, secondPass: SECOND }), []);
});

Deno.test("regions are painted anew in one pass, by windows as well", () => {
  assert.deepEqual(refused(PLACED, { rerolls: REROLLS, secondPass: SECOND }), ["UNSUPPORTED secondPass"]);
  assert.deepEqual(refused(PLACED, { rerolls: REROLLS, windows: WINDOWS }), []);
});
