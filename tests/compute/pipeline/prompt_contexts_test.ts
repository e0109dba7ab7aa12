/** Which prompts are encoded, and which contexts each call of the sampler gets. */

import assert from "node:assert/strict";
import type { EncodedPrompt } from "../../../compute/model/text_conditioner.ts";
import type { WeightedPrompt } from "../../../compute/model/tokenize_together.ts";
import { encodePrompts, stepOfCall } from "../../../compute/pipeline/prompt_contexts.ts";
import { createSampler, samplers } from "../../../compute/sampler/registry.ts";
import type { LayoutSpec } from "../../../layout/layout.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";

function layoutOf(spec: LayoutSpec) {
  const resolution = resolveLayout(spec, { maxRegions: 8 });
  assert("layout" in resolution);
  return resolution.layout;
}

const folder = {
  _class_name: "EulerDiscreteScheduler",
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: "scaled_linear",
  timestep_spacing: "trailing",
};

const grid = { direction: "COLUMNS", ratios: "1,1" } as const;

/** An encoder that remembers what it was asked for; the context's only number counts the questions. */
function recorder() {
  const asked: string[] = [];
  const encode = (prompt: string | WeightedPrompt): Promise<EncodedPrompt> => {
    assert(typeof prompt !== "string");
    asked.push(prompt.map((part) => part.map(({ text, weight }) => `${text}*${weight}`).join("+")).join("/"));
    return Promise.resolve({ context: { dims: [1, 1], data: Float32Array.of(asked.length - 1) }, rows: [] });
  };
  return { asked, encode };
}

/** What each of `calls` calls reads, by weight map. */
async function read(spec: LayoutSpec, steps: number, calls = steps) {
  const text = recorder();
  const { cond, uncond } = await encodePrompts(() => ({ text, loras: [] }), layoutOf(spec), { steps, calls });
  const texts = (contexts: readonly { readonly data: ArrayLike<number> }[]) =>
    contexts.map(({ data }) => text.asked[data[0] ?? NaN]);
  const of = (polarity: typeof cond) => Array.from({ length: calls }, (_, call) => texts(polarity(call)));
  return {
    asked: text.asked,
    cond: of(cond),
    uncond: of(uncond),
    lists: new Set(Array.from({ length: calls }, (_, i) => cond(i))).size,
  };
}

Deno.test("prompts that never change are encoded once, and every call gets the same list", async () => {
  const { asked, cond, uncond, lists } = await read({
    basePrompt: "a",
    grid,
    regions: [{ prompt: "b" }, { prompt: "a" }],
  }, 4);
  assert.deepEqual(asked, ["a*1", "b*1", ""]);
  assert.deepEqual(cond, new Array(4).fill(["a*1", "b*1", "a*1"]));
  assert.deepEqual(uncond, new Array(4).fill([""]), "one negative for all");
  assert.equal(lists, 1);
});

Deno.test("schedules and alternation change what calls get; lists that come back are the same objects", async () => {
  const regions = [{ prompt: "[b:(c:1.5):0.5]" }, { prompt: "[d|e]", negativePrompt: "[f:g BREAK h:2]" }];
  const { cond, uncond, lists } = await read({ basePrompt: "a", grid, regions }, 4);
  assert.deepEqual(cond, [
    ["a*1", "b*1", "d*1"],
    ["a*1", "b*1", "e*1"],
    ["a*1", "c*1.5", "d*1"],
    ["a*1", "c*1.5", "e*1"],
  ]);
  assert.deepEqual(uncond, [["", "", "f*1"], ["", "", "f*1"], ["", "", "g*1/h*1"], ["", "", "g*1/h*1"]]);
  assert.equal(lists, 4);
  assert.equal((await read({ basePrompt: "[a|b]" }, 8)).lists, 2);
});

Deno.test("negatives are one or several from step to step", async () => {
  const regions = [{ prompt: "b" }, { prompt: "c", negativePrompt: "[x:y:2]" }];
  const { uncond } = await read({ negativePrompt: "x", grid, regions }, 4);
  assert.deepEqual(uncond, [["x*1"], ["x*1"], ["x*1", "x*1", "y*1"], ["x*1", "x*1", "y*1"]]);
});

Deno.test("a region that is not enabled is not encoded; the base stands in its place", async () => {
  const regions = [{ prompt: "b", enabled: false, negativePrompt: "n" }, { prompt: "c" }];
  const { asked, cond, uncond } = await read({ basePrompt: "[a|d]", grid, regions }, 2);
  assert.deepEqual(asked, ["a*1", "d*1", "c*1", ""]);
  assert.deepEqual(cond, [["a*1", "a*1", "c*1"], ["d*1", "d*1", "c*1"]]);
  assert.deepEqual(uncond, [[""], [""]]);
});

Deno.test("under PLAIN nothing is syntax", async () => {
  const { asked, lists } = await read({ promptSyntax: "PLAIN", basePrompt: "(a:2) [b|c] BREAK" }, 3);
  assert.deepEqual(asked, ["(a:2) [b|c] BREAK*1", ""]);
  assert.equal(lists, 1);
});

Deno.test("a sampler that calls twice a step gets the step's prompt both times", async () => {
  const { cond } = await read({ basePrompt: "[a|b]" }, 4, 7);
  assert.deepEqual(cond.flat(), ["a*1", "a*1", "b*1", "b*1", "a*1", "a*1", "b*1"]);
});

Deno.test("every sampler's calls belong to its steps in order, from the first to the last", () => {
  for (const { name } of samplers) {
    for (const steps of [2, 5, 20]) {
      const { timesteps } = createSampler({ sampler: name, config: folder, steps });
      const calls = timesteps.length;
      const found = timesteps.map((_, call) => stepOfCall(call, { steps, calls }));
      assert.equal(found[0], 0, name);
      assert.equal(found.at(-1), steps - 1, name);
      assert(found.every((step, i) => i === 0 || step - (found[i - 1] ?? 0) <= 1), name);
    }
  }
});
