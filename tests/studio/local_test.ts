/** Compute in the browser: the server's own pipeline, in the page's Worker, on files that it gives away. */

import assert from "node:assert/strict";
import { decodePng } from "../../image/png.ts";
import { finish, generate, startServer } from "../e2e/server.ts";
import { closeBrowser, visit } from "./browser.ts";

Deno.test.afterAll(closeBrowser);

/** Two beds of the smallest quick model. */
const INPUT = {
  model: "beds-256-lcm",
  width: 192,
  height: 128,
  seed: 11,
  steps: 2,
  layout: {
    grid: { direction: "COLUMNS", ratios: "1,1" },
    regions: [
      { name: "ocean", prompt: "a sailboat, ocean" },
      { name: "forest", prompt: "a (fox:1.2), forest", feather: 0.05 },
    ],
  },
};

const DRAFT = {
  layout: { ...INPUT.layout, regions: INPUT.layout.regions.map((region, i) => ({ ...region, key: `${i}` })) },
  settings: { model: INPUT.model, width: INPUT.width, height: INPUT.height, seed: INPUT.seed, steps: INPUT.steps },
  origin: null,
};

Deno.test(
  "the same seed gives the same picture here and there",
  { sanitizeOps: false, sanitizeResources: false },
  async () => {
    await using server = await startServer();
    await using visitor = await visit(`${server.url}/?compute=local`, {
      storageState: {
        cookies: [],
        origins: [{ origin: server.url, localStorage: [{ name: "parterre.draft", value: JSON.stringify(DRAFT) }] }],
      },
    });
    const { page } = visitor;
    await page.addInitScript(() => {
      const { createObjectURL } = URL;
      URL.createObjectURL = (blob: Blob) => {
        Object.assign(globalThis, { latestPicture: blob });
        return createObjectURL.call(URL, blob);
      };
    });
    await page.reload();
    const fetches: string[] = [];
    page.on("request", (request) => fetches.push(new URL(request.url()).pathname));
    const paint = async () => {
      await page.getByRole("button", { name: "Paint", exact: true }).click();
      await page.getByText("Painted", { exact: true }).first().waitFor({ timeout: 60_000 });
    };
    await paint();
    assert.ok(fetches.some((path) => path.endsWith("/unet/model.onnx")));
    const png = await page.evaluate(async () => {
      const { latestPicture } = globalThis as unknown as { latestPicture: Blob };
      return [...new Uint8Array(await latestPicture.arrayBuffer())];
    });
    const here = decodePng(Uint8Array.from(png)).pixels;

    const { generate: { id } } = await generate(server.client, INPUT);
    const { image } = await finish(server.client, id);
    const there = decodePng(await (await fetch(server.url + image?.url)).bytes()).pixels;
    assert.deepEqual([here.width, here.height], [there.width, there.height]);
    for (let i = 0; i < there.width * there.height; i++) {
      for (let c = 0; c < 3; c++) {
        const difference = Math.abs(
          (here.data[here.channels * i + c] ?? 0) - (there.data[there.channels * i + c] ?? 0),
        );
        assert.ok(difference <= 1, `pixel ${i}, channel ${c}: ${difference}`);
      }
    }

    fetches.length = 0;
    await page.reload();
    await paint();
    assert.deepEqual(fetches.filter((path) => path.startsWith("/models/")), [], "the browser kept the model");
  },
);
