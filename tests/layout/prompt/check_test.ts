/** Prompts that can be read but not painted are refused at the field that holds them. */

import assert from "node:assert/strict";
import { PLAIN_LAYOUT } from "../../../layout/layout.ts";
import { promptProblems } from "../../../layout/prompt_problems.ts";
import { layoutPrompts, parsedPrompts } from "../../../layout/prompts.ts";
import { promptAt } from "../../../layout/prompt/schedule.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";

function layoutOf(regions: readonly { prompt: string; style?: string; negativePrompt?: string }[], more = {}) {
  const grid = { direction: "COLUMNS", ratios: regions.map(() => 1).join(",") } as const;
  const resolution = resolveLayout({ grid, regions, ...more }, { maxRegions: 8 });
  assert("layout" in resolution);
  return resolution.layout;
}

const problems = (layout: ReturnType<typeof layoutOf>, steps: number | null = 20) =>
  promptProblems(layout, steps).map(({ code, path, value }) => [code, path.join("."), value]);

Deno.test("weights from -10 to 10 pass, others are refused with their field", () => {
  assert.deepEqual(problems(layoutOf([{ prompt: "(a:0) (b:10) ((((c)))) (d:-10)" }])), []);
  assert.deepEqual(
    problems(layoutOf(
      [
        { prompt: "a", style: "(b:10.5)" },
        { prompt: "((c:5):4)", negativePrompt: "(d:-11)" },
      ],
      { commonPrompt: "(e:99)", commonNegativePrompt: "(f:11)", basePrompt: "(g:12)", negativePrompt: "(h:13)" },
    )),
    [
      ["OUT_OF_RANGE", "layout.commonPrompt", 99],
      ["OUT_OF_RANGE", "layout.commonNegativePrompt", 11],
      ["OUT_OF_RANGE", "layout.basePrompt", 12],
      ["OUT_OF_RANGE", "layout.negativePrompt", 13],
      ["OUT_OF_RANGE", "layout.regions.0.style", 10.5],
      ["OUT_OF_RANGE", "layout.regions.1.prompt", 20],
      ["OUT_OF_RANGE", "layout.regions.1.negativePrompt", -11],
    ],
  );
});

Deno.test("Compel has no negative weights", () => {
  for (const emphasis of ["NO_NORM", "A1111", "COMFY"]) {
    assert.deepEqual(problems(layoutOf([{ prompt: "(a:-1)" }], { emphasis })), [], emphasis);
  }
  assert.deepEqual(problems(layoutOf([{ prompt: "(a:-1)" }], { emphasis: "COMPEL" })), [
    ["OUT_OF_RANGE", "layout.regions.0.prompt", -1],
  ]);
  const [problem] = promptProblems(layoutOf([{ prompt: "(a:-1)" }], { emphasis: "COMPEL" }), 20);
  assert.match(problem?.message ?? "", /from 0 to 10 under the emphasis COMPEL/);
});

Deno.test("what Compel encodes several times counts as often", () => {
  const less = (stretches: number) => `${"a".repeat(9_000)} ${"(b:0.5) c ".repeat(stretches)}`;
  assert.deepEqual(problems(layoutOf([{ prompt: less(20) }], { emphasis: "COMPEL" })), []);
  assert.deepEqual(problems(layoutOf([{ prompt: less(30) }])), []);
  assert.deepEqual(
    problems(layoutOf([{ prompt: less(30) }], { emphasis: "COMPEL" })).map(([code, field]) => [code, field]),
    [
      ["OUT_OF_RANGE", "layout.regions.0.prompt"],
    ],
  );
});

Deno.test("weights that are no finite numbers are refused, however they come about", () => {
  const huge = `(a:${"9".repeat(400)})`;
  for (const prompt of [huge, `(${huge}:0)`, `${"(".repeat(10_000)}a${")".repeat(10_000)}`]) {
    assert.equal(problems(layoutOf([{ prompt }])).length, 1, prompt.slice(0, 20));
  }
});

Deno.test("the error names the place and the rule", () => {
  const [problem] = promptProblems(layoutOf([{ prompt: "a (b:30) c" }]), 20, ["input", "layout"]);
  assert.equal(
    problem?.message,
    "input.layout.regions[0].prompt: must have weights from -10 to 10, the text at position 3 has another, got 30",
  );
});

Deno.test("a prompt may read in 32 ways; more are refused, where there are enough steps for them", () => {
  const prompt = (ways: number) => `[${Array.from({ length: ways }, (_, i) => `a${i}`).join("|")}]`;
  assert.deepEqual(problems(layoutOf([{ prompt: prompt(32) }]), 50), []);
  const layout = layoutOf([{ prompt: "b" }, { prompt: prompt(33), negativePrompt: prompt(40) }], {
    negativePrompt: prompt(34),
  });
  assert.deepEqual(problems(layout, 50), [
    ["OUT_OF_RANGE", "layout.regions.1.prompt", 33],
    ["OUT_OF_RANGE", "layout.negativePrompt", 34],
    ["OUT_OF_RANGE", "layout.regions.1.negativePrompt", 40],
  ]);
  assert.deepEqual(problems(layout, 32), []);
  assert.deepEqual(problems(layout, null), []);
});

Deno.test("prompts that change may read 200,000 characters in all; those that do not change may be as long as they like", () => {
  const long = (characters: number) => "a".repeat(characters);
  const changing = (characters: number) => ({ prompt: `[${long(characters)}|${long(characters - 1)}b]` });
  const still = { prompt: long(300_000) };
  assert.deepEqual(problems(layoutOf([changing(60_000), still, changing(40_000)])), []);
  assert.deepEqual(problems(layoutOf([changing(60_000), still, changing(40_001), changing(5)])), [
    ["OUT_OF_RANGE", "layout.regions.2.prompt", 200_002],
  ]);
});

Deno.test("under PLAIN nothing in a prompt can be wrong", () => {
  assert.deepEqual(problems(layoutOf([{ prompt: "(a:99)" }], { promptSyntax: "PLAIN" })), []);
});

Deno.test("a prompt is the common prompt, its own and its style; a negative the common negative and its own", () => {
  const layout = (commonPlacement: "PREFIX" | "SUFFIX") =>
    layoutOf([{ prompt: "fox", style: "oil" }, { prompt: "", style: "ink", negativePrompt: "rain" }], {
      commonPlacement,
      commonPrompt: "sunny",
      commonNegativePrompt: "blur",
      basePrompt: "hill",
      negativePrompt: "dark",
    });
  assert.deepEqual(layoutPrompts(layout("PREFIX")), {
    positive: ["sunny, hill", "sunny, fox, oil", "sunny, ink"],
    negative: ["blur, dark", "blur, dark", "blur, rain"],
  });
  assert.deepEqual(layoutPrompts(layout("SUFFIX")), {
    positive: ["hill, sunny", "fox, oil, sunny", "ink, sunny"],
    negative: ["dark, blur", "dark, blur", "rain, blur"],
  });
});

Deno.test("read prompts are the complete ones, and brackets stay in their own field", () => {
  for (const commonPlacement of ["PREFIX", "SUFFIX"] as const) {
    const layout = layoutOf([{ prompt: "fox (", style: ") oil" }, { prompt: " " }], {
      commonPlacement,
      commonPrompt: "(sunny",
      commonNegativePrompt: "blur",
      basePrompt: "hill)",
      negativePrompt: "(dark:1.5)",
    });
    const { positive, negative } = parsedPrompts(layout);
    assert.deepEqual(
      { positive: positive.map((p) => p.source), negative: negative.map((p) => p.source) },
      layoutPrompts(layout),
    );
    for (const prompt of positive) {
      assert.deepEqual(
        promptAt(prompt, 0, 1).map((part) => part.map(({ text, weight }) => [text, weight])),
        [[[prompt.source, 1]]],
        "every bracket is text",
      );
    }
    const weights = promptAt(negative[1] ?? assert.fail(), 0, 1)[0]?.map(({ text, weight }) => [text, weight]);
    assert.deepEqual(
      weights,
      commonPlacement === "PREFIX" ? [["blur, ", 1], ["dark", 1.5]] : [["dark", 1.5], [", blur", 1]],
    );
  }
  assert.deepEqual(layoutPrompts(PLAIN_LAYOUT), { positive: [""], negative: [""] });
});
