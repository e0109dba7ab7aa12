/** Bad input: every kind comes back as a typed error with the field, the value and the rule. */

import { strict as assert } from "node:assert";
import { finish, generate, type Generated, SMALL, startServer, type TestServer } from "./server.ts";
import { countOf } from "../jobs/backend.ts";

type Problem = Generated["generate"]["problems"][number];

/** The problems that an input is refused with; none of them may be queued. */
async function problems(server: TestServer, input: unknown): Promise<readonly Omit<Problem, "message">[]> {
  const { generate: answer } = await generate(server.client, input);
  assert.equal(answer.__typename, "InvalidInputError", JSON.stringify(answer));
  assert.equal(await countOf(server.parterre.services.generations), 0);
  return answer.problems.map(({ message, ...problem }) => {
    assert.equal(message, `${problem.field}: ${problem.rule}, got ${problem.value}`);
    return problem;
  });
}

/** SMALL with one region in place of its own. */
const withRegion = (region: Record<string, unknown>) => ({
  ...SMALL,
  layout: { regions: [{ prompt: "ocean", geometry: { rectangle: { x: 0, y: 0, width: 1, height: 1 } }, ...region }] },
});

const rectangle = (x: number, y: number, width: number, height: number) =>
  withRegion({ geometry: { rectangle: { x, y, width, height } } });

Deno.test("bad input is refused with its field, value and rule", async (t) => {
  await using server = await startServer({ environment: { PARTERRE_MAX_REGIONS: "4" } });
  const refuses = (name: string, input: unknown, expected: Partial<Omit<Problem, "message">>) =>
    t.step(name, async () => {
      const [problem] = await problems(server, input);
      assert.partialDeepStrictEqual(problem, expected);
    });

  await refuses("unknown model", { ...SMALL, model: "nope" }, {
    code: "UNKNOWN_MODEL",
    field: "input.model",
    value: '"nope"',
    rule: "must be one of beds-256, beds-256-lcm",
  });
  await refuses("unknown sampler", { ...SMALL, sampler: "magic" }, {
    code: "UNKNOWN_SAMPLER",
    field: "input.sampler",
    value: '"magic"',
  });
  await refuses("unknown schedule", { ...SMALL, schedule: "magic" }, { field: "input.schedule", value: '"magic"' });
  await refuses("size not a multiple of the model's factor", { ...SMALL, width: 100 }, {
    code: "INVALID_SIZE",
    field: "input.width",
    value: "100",
    rule: "must be a multiple of 8 pixels",
  });
  await refuses("size of nothing", { ...SMALL, height: 0 }, {
    code: "INVALID_SIZE",
    field: "input.height",
    value: "0",
  });
  await refuses("size beyond the limit", { ...SMALL, width: 4096 }, {
    field: "input.width",
    rule: "must be at most 2048 pixels",
  });
  await refuses("zero-area region", rectangle(0.5, 0, 0, 1), {
    code: "INVALID_GEOMETRY",
    field: "input.layout.regions[0].geometry.rectangle.width",
    value: "0",
  });
  await refuses("out-of-canvas region", rectangle(0.5, 0, 0.6, 1), {
    code: "INVALID_GEOMETRY",
    field: "input.layout.regions[0].geometry.rectangle.width",
    value: "0.6",
  });
  const grid = { direction: "COLUMNS", ratios: "1,,2" };
  await refuses("ratio that cannot be parsed", { ...SMALL, layout: { grid, regions: [] } }, {
    code: "INVALID_RATIO",
    field: "input.layout.grid.ratios",
    value: '"1,,2"',
  });
  for (const weight of [0, -2]) {
    await refuses(`weight ${weight}`, withRegion({ weight }), {
      code: "OUT_OF_RANGE",
      field: "input.layout.regions[0].weight",
      value: String(weight),
      rule: "must be greater than 0",
    });
  }
  const five = Array.from({ length: 5 }, () => ({ prompt: "ocean" }));
  await refuses("too many regions", {
    ...SMALL,
    layout: { grid: { direction: "COLUMNS", ratios: "1,1,1,1,1" }, regions: five },
  }, { code: "TOO_MANY_REGIONS", field: "input.layout.regions", value: "5", rule: "must have at most 4 regions" });
  for (const steps of [0, 151]) {
    await refuses(`${steps} steps`, { ...SMALL, steps }, {
      code: "OUT_OF_RANGE",
      field: "input.steps",
      value: String(steps),
      rule: "must be a whole number from 1 to 150",
    });
  }
  await refuses("guidance out of range", { ...SMALL, guidanceScale: -1 }, {
    field: "input.guidanceScale",
    value: "-1",
  });
  await refuses("holes where they are errors", {
    ...SMALL,
    layout: { ...rectangle(0, 0, 0.5, 1).layout, holes: "ERROR" },
  }, { code: "UNCOVERED", field: "input.layout.holes" });

  await t.step("all problems of an input come at once", async () => {
    const fields = (await problems(server, { ...withRegion({ weight: 0, feather: 2 }), steps: 0, width: 1 })).map((p) =>
      p.field
    );
    assert.deepEqual(fields, [
      "input.layout.regions[0].weight",
      "input.layout.regions[0].feather",
      "input.width",
      "input.steps",
    ]);
  });

  await t.step("NaN cannot be sent: neither in the document nor in variables", async () => {
    const mutation = `mutation { generate(input: { guidanceScale: NaN, layout: {} }) { __typename } }`;
    await assert.rejects(server.client.request(mutation), /Float cannot represent non numeric value: NaN/);
    // JSON has no NaN; what writes it anyway is not JSON.
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"query": "mutation M($g: Float) { generate(input: { guidanceScale: $g, layout: {} }) { __typename } }",
        "variables": { "g": NaN }}`,
    });
    await response.body?.cancel();
    assert.equal(response.status, 400);
    assert.equal(await countOf(server.parterre.services.generations), 0);
  });

  await t.step("a seed beyond 32 bits is refused by its scalar", async () => {
    await assert.rejects(generate(server.client, { ...SMALL, seed: 2 ** 32 }), /whole number from 0 to 4294967295/);
  });
});

Deno.test("an empty prompt paints, and a long one is chunked, not cut", async () => {
  await using server = await startServer();
  const long = Array.from({ length: 90 }, (_, i) => i % 2 === 0 ? "ocean" : "forest").join(" ");
  const layout = {
    grid: { direction: "COLUMNS", ratios: "1,1" },
    regions: [{ name: "empty", prompt: "" }, { name: "long", prompt: long }],
  };
  const { validateLayout: { regions } } = await server.client.request<
    { validateLayout: { regions: { prompt: { text: string; tokens: number; chunks: number } }[] } }
  >(
    `query Check($input: ValidateLayoutInput!) {
      validateLayout(input: $input) { ... on LayoutReport { regions { prompt { text tokens chunks } } } }
    }`,
    { input: { layout } },
  );
  assert.deepEqual(regions[0]?.prompt, { text: "", tokens: 0, chunks: 1 });
  assert.equal(regions[1]?.prompt.text, long);
  assert.ok((regions[1]?.prompt.tokens ?? 0) >= 90);
  assert.equal(regions[1]?.prompt.chunks, 2);
  const { generate: { id } } = await generate(server.client, { ...SMALL, layout, steps: 2 });
  assert.equal((await finish(server.client, id)).status, "SUCCEEDED");
});
