/** What guidance would silently ignore is refused at its field, and nothing else is. */

import assert from "node:assert/strict";
import type { FieldPath } from "../../errors.ts";
import { checkGuidance } from "../../requests/check_guidance.ts";
import type { LayoutSpec } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";

function refused(
  spec: LayoutSpec,
  { guidanceScale = 1, mode = "attention", guidanceEmbedded = false }: {
    guidanceScale?: number;
    mode?: "attention" | "latent";
    guidanceEmbedded?: boolean;
  } = {},
): readonly string[] {
  const resolution = resolveLayout(spec, { maxRegions: 8 });
  assert.ok("layout" in resolution);
  const fields: string[] = [];
  const fail = (code: string, field: string | FieldPath) => {
    assert.equal(code, "UNSUPPORTED");
    fields.push([field].flat().join("."));
  };
  checkGuidance(resolution.layout, {
    guidanceScale,
    mode,
    capabilities: { guidanceEmbedded },
  }, fail);
  return fields;
}

const grid = { direction: "COLUMNS", ratios: "1,1" } as const;
const two = (first: object, second: object): LayoutSpec => ({
  grid,
  regions: [{ prompt: "a", ...first }, { prompt: "b", ...second }],
});

Deno.test("without guidance every negative prompt is refused, the common one first", () => {
  const layout = {
    ...two({ negativePrompt: "snow" }, { negativePrompt: "" }),
    commonNegativePrompt: "blur",
    negativePrompt: "text",
  };
  const all = ["layout.commonNegativePrompt", "layout.negativePrompt", "layout.regions.0.negativePrompt"];
  assert.deepEqual(refused(layout), all);
  assert.deepEqual(refused(layout, { guidanceScale: 7.5 }), []);
  assert.deepEqual(refused(layout, { guidanceScale: 7.5, guidanceEmbedded: true }), all);
  assert.deepEqual(refused({ commonNegativePrompt: "blur" }), ["layout.commonNegativePrompt"]);
  assert.deepEqual(refused({}), []);
});

Deno.test("a region's own guidance gives the negative prompts an effect", () => {
  const layout = { ...two({ guidanceScale: 4 }, {}), commonNegativePrompt: "blur" };
  assert.deepEqual(refused(layout), []);
});

Deno.test("regions that are not enabled are not looked at", () => {
  const off = two({ enabled: false, negativePrompt: "snow", guidanceScale: 4 }, {});
  assert.deepEqual(refused(off), []);
  assert.deepEqual(refused({ ...off, commonNegativePrompt: "blur" }), ["layout.commonNegativePrompt"]);
  assert.deepEqual(refused(off, { guidanceScale: 8, guidanceEmbedded: true }), []);
});

Deno.test("a model with one guidance scale takes no other for a region, except where regions are predicted one by one", () => {
  const layout = two({}, { guidanceScale: 4 });
  const model = { guidanceScale: 8, guidanceEmbedded: true };
  assert.deepEqual(refused(layout, model), ["layout.regions.1.guidanceScale"]);
  assert.deepEqual(refused(layout, { ...model, mode: "latent" }), []);
  assert.deepEqual(refused(two({}, { guidanceScale: 8 }), model), []);
});
