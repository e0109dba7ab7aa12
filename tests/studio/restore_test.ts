/** Files and texts of every kind, read into the editor. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { latin, pngWith, written } from "../image/metadata/picture_files.ts";
import { picture, SMALL, startServer, type TestServer } from "../e2e/server.ts";
import { assertAccessible } from "./axe.ts";
import { closeBrowser } from "./browser.ts";
import { draftWhere, keptDraft, visitWith } from "./kept_draft.ts";

let server: TestServer;
Deno.test.beforeAll(async () => {
  server = await startServer();
});
Deno.test.afterAll(async () => {
  await closeBrowser();
  await server[Symbol.asyncDispose]();
});

const LEAVES = { sanitizeOps: false, sanitizeResources: false };

const WORKFLOW = JSON.stringify({
  1: { class_type: "CLIPTextEncode", inputs: { text: "from comfy" } },
  2: {
    class_type: "KSampler",
    inputs: { positive: ["1", 0], seed: 3, steps: 7, cfg: 2, sampler_name: "euler", scheduler: "karras" },
  },
});
const INVOKE = JSON.stringify({ positive_prompt: "from invoke", steps: 30, seed: 7, width: 1024, height: 512 });
const OMOST = JSON.stringify([{ rect: [0, 90, 0, 90], prefixes: ["A harbour."], suffixes: ["boats"] }]);

/** A document of Krita's whose plug-in keeps one region, "fox", before a "meadow". */
const KRITA = Uint8Array.fromBase64(
  "UEsDBBQAAAAIANFsfF2h8AOnFQAAABMAAAAIAAAAbWltZXR5cGVLLCjIyUxOLMnMz9Ov0M0uyixJBABQSwMEFAAAAAgA0Wx8XcEdLcBoAAAAkgAAABoA" +
    "AABtZWFkb3cvYW5ub3RhdGlvbnMvdWkuanNvblWLwQrCMBBEf6XM2Uuv/oqIBLvWhTYjm1AtIf/urtCDt3kz8xo2saLMOA/jaYCR1WPDi0WrbuKAVdLE" +
    "N3zOMqejRY+/zC4X58u/8+AnhCXtYjed4oGWOvrV2ztzNS5hBT61VNr+w/4FUEsBAhQDFAAAAAgA0Wx8XaHwA6cVAAAAEwAAAAgAAAAAAAAAAAAAAIAB" +
    "AAAAAG1pbWV0eXBlUEsBAhQDFAAAAAgA0Wx8XcEdLcBoAAAAkgAAABoAAAAAAAAAAAAAAIABOwAAAG1lYWRvdy9hbm5vdGF0aW9ucy91aS5qc29uUEsF" +
    "BgAAAAACAAIAfgAAANsAAAAAAA==",
);

/** Chooses a file in the panel "Open". */
async function choose(page: Page, name: string, bytes: Uint8Array | string): Promise<void> {
  await page.getByRole("tab", { name: "Open" }).click();
  await page.getByLabel("A picture, workflow or document").setInputFiles({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(bytes as string),
  });
}

const region = (page: Page) => page.getByRole("region", { name: "Open", exact: true });

Deno.test(
  "pictures of every tool, documents and workflows come back with their settings, and can be taken back",
  LEAVES,
  async () => {
    const own = await picture(server.client, { ...SMALL, model: "beds-256-lcm", guidanceEnd: 0.5, mode: "LATENT" });
    await using visitor = await visitWith(server.url, { steps: 9 });
    const { page } = visitor;
    const before = await keptDraft(page);
    const base = (prompt: string) => draftWhere(page, ({ layout }) => layout.basePrompt === prompt);

    await choose(page, "own.png", own);
    const restored = await draftWhere(page, ({ settings }) => settings["steps"] === 4);
    assert.deepEqual(restored.layout.regions.map(({ name, prompt }) => [name, prompt]), [["sea", "ocean"], [
      "wood",
      "forest",
    ]]);
    const { width, height, seed, mode, guidanceEnd } = restored.settings;
    assert.deepEqual([width, height, seed, mode, guidanceEnd], [64, 64, 5, "LATENT", 0.5]);
    await region(page).getByText("Opened own.png, as Parterre has it.").waitFor();
    await page.getByRole("button", { name: "Take it back" }).click();
    assert.deepEqual(await keptDraft(page), before, "undo brings the former draft back");

    await choose(page, "a1111.png", written("pngLatin"));
    assert.equal((await base("a fox BREAK an owl ü")).settings["schedule"], "karras");
    await choose(page, "a1111.jpg", written("jpegComment"));
    await region(page).getByText("Opened a1111.jpg, as a web UI has it.").waitFor();
    await choose(page, "a1111.webp", written("webpComment"));
    await region(page).getByText("Opened a1111.webp, as a web UI has it.").waitFor();
    await choose(page, "comfy.png", pngWith(["tEXt", latin("prompt", WORKFLOW)]));
    assert.equal((await base("from comfy")).settings["steps"], 7);
    await choose(page, "invoke.png", pngWith(["tEXt", latin("invokeai_metadata", INVOKE)]));
    assert.equal((await base("from invoke")).settings["steps"], 30);
    await choose(page, "invoke.json", INVOKE.replace("from invoke", "invoked"));
    assert.equal((await base("invoked")).settings["seed"], 7);
    await choose(page, "omost.json", OMOST);
    await base("A harbour. boats.");
    await choose(page, "workflow.json", WORKFLOW);
    assert.equal((await base("from comfy")).settings["seed"], 3);
    await choose(page, "meadow.kra", KRITA);
    const krita = await draftWhere(page, ({ layout }) => layout.regions[0]?.prompt.includes("fox") === true);
    assert.equal(krita.settings["model"], "beds-256-lcm", "no other tool's file names a model of this server");
    await region(page).getByText(/input\.kritaAi\.json\.regions/).first().waitFor();
    await choose(page, "layout.json", JSON.stringify({ basePrompt: "mine", regions: [] }));
    await base("mine");

    await choose(page, "plain.png", written("plain"));
    await region(page).getByText(/Cannot read plain\.png: .*must carry the text of Parterre/).waitFor();
    assert.equal((await keptDraft(page)).layout.basePrompt, "mine", "what cannot be read changes nothing");

    // Dropped anywhere, whatever panel is open.
    await page.getByRole("tab", { name: "Saved" }).click();
    await page.evaluate((bytes) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(bytes)], "dropped.png", { type: "image/png" }));
      for (const type of ["dragover", "drop"]) {
        document.querySelector(".middle")?.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        );
      }
    }, [...own]);
    await region(page).getByText("Opened dropped.png").waitFor();
  },
);

Deno.test(
  "a text of Regional Prompter is read by its settings; what was done to it is told at its place",
  LEAVES,
  async () => {
    await using visitor = await visitWith(server.url);
    const { page } = visitor;
    await page.getByRole("tab", { name: "Open" }).click();
    await page.getByLabel("Or a text").fill("a sky BREAK a fox\nBREAK an owl");
    await page.getByLabel("Read it as").selectOption("Regional Prompter's text");
    await page.getByLabel("Divide mode").selectOption("Rows");
    await page.getByLabel(/^Divide ratio/).fill("1,2");
    await page.getByLabel("Use base prompt").check();
    await page.getByRole("button", { name: "Open the text" }).click();
    const { layout } = await draftWhere(page, ({ layout }) => layout.basePrompt === "a sky");
    assert.deepEqual(layout.regions.map(({ prompt }) => prompt.trim()), ["a fox", "an owl"]);

    await page.getByLabel("Use base prompt").uncheck();
    await page.getByLabel(/^Divide ratio/).fill("1,x");
    await page.getByRole("button", { name: "Open the text" }).click();
    await region(page).getByText(/input\.ratios/).waitFor();
    await page.getByLabel(/^Divide ratio/).fill("1,1,1,1");
    await page.getByRole("button", { name: "Open the text" }).click();
    await region(page).getByText(/\(input\.ratios/).first().waitFor();

    await assertAccessible(page, "warnings of what was read");

    await page.getByLabel("Read it as").selectOption("What it looks like");
    await page.getByLabel("Or a text").fill("from a web UI\nSteps: 3, Sampler: Euler a");
    await page.getByRole("button", { name: "Open the text" }).click();
    await draftWhere(page, ({ settings }) => settings["steps"] === 3);
  },
);
