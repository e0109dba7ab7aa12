/** The dry run through the API: what a client sees of a layout before anything is painted. */

import { strict as assert } from "node:assert";
import { startServer } from "./server.ts";

const CHECK = `query Check($input: ValidateLayoutInput!) {
  validateLayout(input: $input) {
    ... on LayoutReport {
      width height memoryBytes svg
      regions { name enabled share deepestLevel deepestSolidLevel levels { level cells } }
      warnings { code region message }
    }
    ... on InvalidInputError { problems { code field rule } }
  }
}`;

interface Answer {
  readonly validateLayout: {
    readonly width: number;
    readonly height: number;
    readonly memoryBytes: number;
    readonly svg: string;
    readonly regions: readonly {
      readonly name: string;
      readonly enabled: boolean;
      readonly share: number;
      readonly deepestLevel: number | null;
      readonly deepestSolidLevel: number | null;
      readonly levels: readonly { readonly cells: number }[];
    }[];
    readonly warnings: readonly { readonly code: string; readonly region: string | null; readonly message: string }[];
    readonly problems?: readonly unknown[];
  };
}

const layout = {
  aspect: 1.5,
  regions: [
    { name: "sky", prompt: "night sky", geometry: { rest: true } },
    { name: "<fox>", prompt: "a fox", geometry: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.05, ry: 0.05 } } },
    {
      name: "ring",
      prompt: "gold",
      enabled: false,
      geometry: {
        subtraction: {
          from: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.4, ry: 0.4 } },
          subtract: [{ ellipse: { cx: 0.5, cy: 0.5, rx: 0.2, ry: 0.2 } }],
        },
      },
    },
  ],
};

Deno.test("a dry run tells what each region gets, what it costs and what to know, and draws it", async () => {
  await using server = await startServer();
  const check = async (width: number, height: number) =>
    (await server.client.request<Answer>(CHECK, { input: { layout, width, height } })).validateLayout;

  const square = await check(256, 256);
  assert.equal(square.problems, undefined);
  const [sky, fox, ring] = square.regions;
  assert.ok(Math.abs((fox?.share ?? 0) - Math.PI * 0.05 ** 2) < 1e-6);
  assert.ok(Math.abs((sky?.share ?? 0) + (fox?.share ?? 0) - 1) < 1e-6);
  assert.deepEqual([ring?.enabled, ring?.share, ring?.deepestLevel], [false, 0, null]);
  assert.equal(fox?.deepestLevel, (fox?.levels.length ?? 0) - 1);
  const cells = fox?.levels.at(-1)?.cells ?? 0;
  assert.deepEqual(square.warnings, [
    {
      code: "TEXTURE_ONLY",
      region: "<fox>",
      message: `region '<fox>' covers ${
        Number(cells.toFixed(1))
      } cells at the deepest level: it will steer texture, not shape`,
    },
    { code: "ASPECT", region: null, message: "the layout was made for an aspect of 1.5 and is stretched to 1" },
  ]);
  assert.match(square.svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="256" height="256"/);
  assert.ok(!square.svg.includes("<fox>") && square.svg.includes("&#60;fox&#62;"));

  const wide = await check(384, 256);
  assert.deepEqual(wide.warnings.map(({ code }) => code), ["TEXTURE_ONLY"]);
  assert.ok(wide.memoryBytes > square.memoryBytes && square.memoryBytes > 1e6);
});

Deno.test("a dry run tells what several workers could compute at once", async () => {
  await using server = await startServer();
  const plan = async (more: object) => {
    const query = `query ($input: ValidateLayoutInput!) { validateLayout(input: $input) { ... on LayoutReport {
      parallel { unit parts guidanceHalves windows regions pictures workers }
    } } }`;
    const input = { model: "beds-256", layout: { ...layout, aspect: null }, width: 512, height: 256, ...more };
    const { validateLayout } = await server.client.request<{ validateLayout: { parallel: object } }>(query, { input });
    return Object.values(validateLayout.parallel);
  };
  assert.deepEqual(await plan({ guidanceScale: 5 }), ["PREDICTIONS", 2, 2, 1, 1, 1, 0], "nobody has loaded it");
  assert.deepEqual(await plan({ guidanceScale: 1 }), ["PREDICTIONS", 1, 1, 1, 1, 1, 0]);
  const windows = { size: 256, overlap: 64 };
  assert.deepEqual(await plan({ guidanceScale: 5, windows, mode: "LATENT" }), ["PREDICTIONS", 12, 2, 3, 3, 1, 0]);
  assert.deepEqual(await plan({ guidanceScale: 5, count: 3 }), ["PICTURES", 3, 2, 1, 1, 3, 0]);
});

Deno.test("where holes are errors a dry run shows them, and tells of those that only some steps have", async () => {
  await using server = await startServer();
  const check = async (region: object) => {
    const layout = {
      holes: "ERROR",
      regions: [{ prompt: "sea", geometry: { rectangle: { x: 0, y: 0, width: 1, height: 1 } }, ...region }],
    };
    const query = `query Check($input: ValidateLayoutInput!) {
      validateLayout(input: $input) {
        ... on LayoutReport { holes { share boxes { x width } } warnings { code } }
        ... on InvalidInputError { problems { code field } }
      }
    }`;
    return (await server.client.request<{ validateLayout: unknown }>(query, {
      input: { layout, width: 64, height: 64, steps: 4 },
    })).validateLayout;
  };
  assert.deepEqual(await check({}), { holes: { share: 0, boxes: [] }, warnings: [] });
  assert.deepEqual(await check({ geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } } }), {
    holes: { share: 0.5, boxes: [{ x: 0.5, width: 0.5 }] },
    warnings: [{ code: "UNCOVERED" }],
  });
  assert.deepEqual(await check({ start: 0.5 }), { problems: [{ code: "UNCOVERED", field: "input.layout.holes" }] });
});
