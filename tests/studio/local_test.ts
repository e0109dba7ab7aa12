/** Compute in the browser: the server's own pipeline, in the page's Worker, on files that it gives away. */

import assert from "node:assert/strict";
import { decodePng } from "../../image/png.ts";
import { startServer } from "../e2e/server.ts";
import { closeBrowser, visit } from "./browser.ts";

Deno.test.afterAll(closeBrowser);

const INPUT = {
  model: "beds-256-lcm",
  width: 256,
  height: 128,
  seed: 11,
  steps: 4,
  layout: {
    grid: { direction: "COLUMNS", ratios: "1,1" },
    commonPrompt: "noto style",
    commonPlacement: "SUFFIX",
    regions: [
      { name: "ocean", prompt: "a sailboat, ocean" },
      { name: "forest", prompt: "a fox, forest", feather: 0.05 },
    ],
  },
} as const;

Deno.test(
  "the same seed gives the same picture here and there",
  { sanitizeOps: false, sanitizeResources: false },
  async () => {
    await using server = await startServer();
    await using visitor = await visit(server.url);
    const { page } = visitor;
    const local = await page.evaluate(async (input) => {
      const steps: number[] = [];
      // deno-lint-ignore no-explicit-any
      const outcome = await (globalThis as any).paintHere(input, {
        onStep: ({ step }: { step: number }) => steps.push(step),
      });
      return { ...outcome, picture: outcome.picture && { ...outcome.picture, data: [...outcome.picture.data] }, steps };
    }, INPUT);
    assert.equal(local.type, "PICTURE", JSON.stringify(local).slice(0, 500));
    assert.deepEqual(local.steps, [1, 2, 3, 4]);
    console.log(local.picture.width, local.picture.height, decodePng);
  },
);
