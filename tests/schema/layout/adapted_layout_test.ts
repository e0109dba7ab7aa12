/** `parsePrompt` and `importLayout`: a layout that resolves, warnings with places, and typed problems. */

import assert from "node:assert/strict";
import { graphql } from "graphql";
import { openCaller } from "../../../access/caller.ts";
import { DEFAULT_LIMITS } from "../../../requests/limits.ts";
import { schema } from "../../../schema/index.ts";

/** What these queries answer, as far as the tests look at it. */
interface Answer {
  readonly __typename: string;
  readonly layout: { readonly json: unknown };
  readonly warnings: readonly unknown[];
  readonly problems: readonly unknown[];
}

/** The answer of one of the two queries. They reach nothing but the limits. */
async function ask(query: "parsePrompt" | "importLayout", input: unknown): Promise<Answer> {
  const type = query === "parsePrompt" ? "ParsePromptInput" : "ImportLayoutInput";
  const result = await graphql({
    schema,
    source: `query Ask($input: ${type}!) {
      answer: ${query}(input: $input) {
        __typename
        ... on AdaptedLayout { layout { json } warnings { code field position { offset line column } } }
        ... on InvalidInputError { problems { code field rule } }
      }
    }`,
    variableValues: { input },
    contextValue: {
      services: { limits: { ...DEFAULT_LIMITS, maxRegions: 3 } },
      caller: openCaller("127.0.0.1"),
      signal: new AbortController().signal,
    },
  });
  if (result.errors !== undefined) throw result.errors[0];
  return JSON.parse(JSON.stringify(result.data)).answer;
}

Deno.test("parsePrompt answers the layout that it understood, and warnings with places", async () => {
  const input = { prompt: "meadow ADDBASE fox ADDCOL\nowl", ratios: "3,1,1", negativePrompt: "blur" };
  assert.deepEqual(await ask("parsePrompt", input), {
    __typename: "AdaptedLayout",
    layout: {
      json: {
        emphasis: "A1111",
        basePrompt: "meadow",
        negativePrompt: "blur",
        grid: { direction: "COLUMNS", ratios: "3,1" },
        regions: [
          { name: "region 1", geometry: { cell: 0 }, prompt: "fox", baseRatio: 0.2 },
          { name: "region 2", geometry: { cell: 1 }, prompt: "owl", baseRatio: 0.2 },
        ],
      },
    },
    warnings: [{ code: "RATIO_DROPPED", field: "input.ratios", position: { offset: 4, line: 1, column: 5 } }],
  });
});

Deno.test("parsePrompt answers every problem, and those of the layout's own rules", async () => {
  const broken = await ask("parsePrompt", { prompt: "a ADDCOMM b ADDCOMM c", ratios: "0,0" });
  assert.equal(broken.__typename, "InvalidInputError");
  assert.deepEqual(broken.problems, [
    {
      code: "INVALID_VALUE",
      field: "input.prompt",
      rule: "must have ADDCOMM once: again at position 12",
    },
    {
      code: "INVALID_RATIO",
      field: "input.ratios",
      rule: 'must be positive numbers separated by "," and ";": zero at position 0',
    },
  ]);
  const many = await ask("parsePrompt", { prompt: "a BREAK b BREAK c BREAK d" });
  assert.deepEqual(many.problems, [
    { code: "TOO_MANY_REGIONS", field: "layout.regions", rule: "must have at most 3 regions" },
  ]);
});

Deno.test("importLayout reads areas, workflows and canvases", async () => {
  const areas = { comfyAreas: { areas: [{ prompt: "fox", x: 0, y: 0, width: 0.5, height: 1, strength: 2 }] } };
  const nodes = {
    1: { class_type: "CLIPTextEncode", inputs: { text: "fox" } },
    2: {
      class_type: "ConditioningSetAreaPercentage",
      inputs: { conditioning: ["1", 0], x: 0, y: 0, width: 0.5, height: 1, strength: 2 },
    },
    3: { class_type: "KSampler", inputs: { positive: ["2", 0] } },
  };
  const expected = {
    emphasis: "COMFY",
    regions: [{
      name: "region 1",
      geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } },
      prompt: "fox",
      weight: 2,
    }],
  };
  assert.deepEqual((await ask("importLayout", areas)).layout.json, expected);
  const workflow = await ask("importLayout", { comfyWorkflow: { json: JSON.stringify(nodes) } });
  assert.deepEqual(workflow.layout.json, expected);

  const text = `canvas.set_global_description("Meadow")
canvas.add_local_description("on the left", "no offset", "large vertical", 2, "Fox")`;
  const omost = await ask("importLayout", { omost: { text } });
  assert.deepEqual(omost.layout.json, {
    promptSyntax: "PLAIN",
    basePrompt: "Meadow.",
    overlap: "Z_ORDER",
    regions: [{
      name: "region 1",
      geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } },
      prompt: "Meadow. Fox.",
      z: -2,
    }],
  });
  assert.deepEqual(omost.warnings, [
    { code: "CORRECTED", field: "input.omost.text", position: { offset: 97, line: 2, column: 58 } },
  ]);
});

Deno.test("importLayout answers problems at the field that has them, and takes exactly one format", async () => {
  const { problems } = await ask("importLayout", { omost: { text: "canvas.draw()" } });
  assert.deepEqual(problems, [{
    code: "INVALID_VALUE",
    field: "input.omost.text",
    rule:
      "must call canvas.set_global_description and canvas.add_local_description only: another call is at position 0",
  }]);
  await assert.rejects(ask("importLayout", { omost: { text: "" }, comfyWorkflow: { json: "" } }), /exactly one/i);
});

Deno.test("imported prompts are looked at: forms of other tools and embeddings are named with their field and place", async () => {
  const areas = [{ prompt: "fox, embedding:calm", x: 0, y: 0, width: 1, height: 1 }];
  const { warnings } = await ask("importLayout", {
    comfyAreas: { areas, basePrompt: "hill\n<lyco:x:0.8> {a|b} <lora:y>" },
  });
  assert.deepEqual(warnings, [
    { code: "PROMPT", field: "layout.basePrompt", position: { offset: 5, line: 2, column: 1 } },
    { code: "PROMPT", field: "layout.basePrompt", position: { offset: 18, line: 2, column: 14 } },
    { code: "EMBEDDING", field: "layout.regions[0].prompt", position: { offset: 5, line: 1, column: 6 } },
    { code: "LORA", field: "layout.basePrompt", position: { offset: 24, line: 2, column: 20 } },
  ]);
});
