/** What a draft changes of a saved layout is what the server would tell of two saved ones. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { diffLayouts } from "../../../layout/diff.ts";
import type { LayoutInput } from "../../../studio/src/api/generated.ts";
import { layoutChanges } from "../../../studio/src/layouts/changes.ts";
import { specOfLayout } from "../../../layout/spec_of.ts";
import { randomSpec, resolveOrThrow } from "../../layout/random_layout.ts";

const told = (changes: readonly { readonly kind: string; readonly path: readonly string[] }[]) =>
  changes.map(({ kind, path }) => `${kind} ${path.join("/")}`).sort();

Deno.test("a draft's changes are those that the server tells, whatever is spelled out", () => {
  fc.assert(fc.property(randomSpec, randomSpec, (before, after) => {
    const [from, to] = [resolveOrThrow(before), resolveOrThrow(after)];
    const expected = told(diffLayouts(from, to));
    const kept = specOfLayout(from) as LayoutInput;
    assert.deepEqual(told(layoutChanges(kept, specOfLayout(to) as LayoutInput)), expected);
    assert.deepEqual(told(layoutChanges(kept, kept)), []);
  }));
});

Deno.test("defaults and free cells are no changes", () => {
  const draft: LayoutInput = {
    grid: { direction: "COLUMNS", ratios: "1,1,1" },
    basePrompt: "",
    overlap: "NORMALIZE",
    regions: [
      { prompt: "a", weight: 1, enabled: true, negativePrompt: null, loras: [] },
      { prompt: "b", geometry: { cell: 0 }, style: "" },
      { prompt: "c", end: 1 },
    ],
  };
  const kept = specOfLayout(resolveOrThrow(draft as Parameters<typeof resolveOrThrow>[0])) as LayoutInput;
  assert.deepEqual(layoutChanges(kept, draft), []);
  const empty = { ...draft, regions: draft.regions?.map((region) => ({ ...region, negativePrompt: "" })) ?? [] };
  assert.deepEqual(
    told(layoutChanges(kept, empty)),
    [1, 2, 3].map((i) => `CHANGED regions/region ${i}/negativePrompt`),
  );
});
