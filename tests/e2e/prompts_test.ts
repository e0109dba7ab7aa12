/** Prompt syntax through a real server: reported, refused and painted. */

import assert from "node:assert/strict";
import { readPictureTexts } from "../../image/metadata/read_picture_texts.ts";
import { generate, picture, SMALL, startServer } from "./server.ts";

const REPORT = `query Check($input: ValidateLayoutInput!) {
  validateLayout(input: $input) {
    __typename
    ... on LayoutReport {
      base { text tokens }
      regions {
        prompt {
          tokens
          chunks
          spans { text weight start end part }
          schedule { first end chunks spans { text weight } }
          warnings { code position }
        }
      }
    }
    ... on InvalidInputError { problems { code field } }
  }
}`;

Deno.test("a dry run reports each region's spans, windows of steps and warnings", async () => {
  await using server = await startServer();
  const layout = {
    commonPrompt: "(noto style:0.5)",
    basePrompt: "sky",
    grid: SMALL.layout.grid,
    regions: [{ prompt: "[ocean:snow BREAK forest:0.5]", style: "neon)" }, { prompt: "a cat" }],
  };
  const check = async (more: object) =>
    (await server.client.request<{ validateLayout: Record<string, unknown> & { regions: { prompt: unknown }[] } }>(
      REPORT,
      { input: { ...more, steps: 4 } },
    )).validateLayout;
  const report = await check({ layout });
  assert.deepEqual(report["base"], { text: "(noto style:0.5), sky", tokens: 4 });
  assert.deepEqual(report.regions[0]?.prompt, {
    tokens: 8,
    chunks: 2,
    spans: [
      { text: "noto style", weight: 0.5, start: 1, end: 11, part: 0 },
      { text: ", ocean, neon)", weight: 1, start: 16, end: 54, part: 0 },
    ],
    schedule: [
      {
        first: 0,
        end: 2,
        chunks: 1,
        spans: [{ text: "noto style", weight: 0.5 }, { text: ", ocean, neon)", weight: 1 }],
      },
      {
        first: 2,
        end: 4,
        chunks: 2,
        spans: [
          { text: "noto style", weight: 0.5 },
          { text: ", snow", weight: 1 },
          { text: "forest, neon)", weight: 1 },
        ],
      },
    ],
    warnings: [{ code: "UNBALANCED_BRACKET", position: 53 }],
  });
  assert.equal((await check({ layout: { ...layout, promptSyntax: "PLAIN" } })).regions.length, 2);
  const refused = await check({ layout: { ...layout, regions: [{ prompt: "(a:11)" }, { prompt: "b" }] } });
  assert.deepEqual(refused["problems"], [{ code: "OUT_OF_RANGE", field: "input.layout.regions[0].prompt" }]);
});

Deno.test("a dry run reports negative prompts as they are encoded", async () => {
  await using server = await startServer();
  const query = `query Check($input: ValidateLayoutInput!) {
    validateLayout(input: $input) {
      ... on LayoutReport { baseNegative { text } regions { negativePrompt { text spans { weight } } } }
    }
  }`;
  const layout = {
    commonNegativePrompt: "neon",
    commonPlacement: "SUFFIX",
    negativePrompt: "snow",
    grid: SMALL.layout.grid,
    regions: [{ prompt: "ocean" }, { prompt: "forest", negativePrompt: "(desert:1.4)" }],
  };
  const { validateLayout: report } = await server.client.request<{ validateLayout: unknown }>(query, {
    input: { layout },
  });
  assert.deepEqual(report, {
    baseNegative: { text: "snow, neon" },
    regions: [
      { negativePrompt: { text: "snow, neon", spans: [{ weight: 1 }] } },
      { negativePrompt: { text: "(desert:1.4), neon", spans: [{ weight: 1.4 }, { weight: 1 }] } },
    ],
  });
});

Deno.test("weights and schedules change the picture; weights that cannot be painted are refused with their field", async () => {
  await using server = await startServer();
  const of = (prompt: string, promptSyntax = "WEIGHTED") => ({
    ...SMALL,
    layout: { ...SMALL.layout, promptSyntax, regions: [{ prompt }, { prompt: "forest" }] },
  });
  const plain = await picture(server.client, of("red background"));
  const others = ["(red:1.5) background", "(red:0) background", "[red:blue:0.5] background", "[red|blue] background"];
  for (const prompt of others) assert.notDeepEqual(await picture(server.client, of(prompt)), plain, prompt);

  const { generate: { problems } } = await generate(server.client, of("(red:12) background"));
  assert.deepEqual(problems.map(({ code, field, value }) => [code, field, value]), [
    ["OUT_OF_RANGE", "input.layout.regions[0].prompt", "12"],
  ]);
  const { generate: { id } } = await generate(server.client, of("(red:12) background", "PLAIN"));
  assert.ok(id);
});

Deno.test("prompts of any characters are painted, and stand in the file as they were", async () => {
  await using server = await startServer();
  const strange = ["a\0b", "\ud83d", "\udc00 \ufffe\uffff", "\u0001\u001f\x7f\u0085", "]]> & <a> \u202e", "\r\n\t"];
  const regions = strange.map((prompt, i) => ({ prompt: `${prompt} ocean`, name: `${i} ${prompt}` }));
  const layout = { grid: { direction: "COLUMNS", ratios: strange.map(() => 1).join(",") }, regions };
  for (const format of ["PNG", "JPEG", "WEBP"] as const) {
    const bytes = await picture(server.client, { ...SMALL, steps: 1, layout, format });
    const { text = "" } = readPictureTexts(bytes).find(({ keyword }) => /parterre$/.test(keyword)) ?? {};
    const { layout: { regions: kept } } = JSON.parse(text);
    assert.deepEqual(kept.map(({ prompt, name }: { prompt: string; name: string }) => ({ prompt, name })), regions);
  }
});
