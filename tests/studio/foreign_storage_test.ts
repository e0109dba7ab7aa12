/** What the browser keeps for the page may be of another version, written by hand, or not be kept at all. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { SMALL, startServer, type TestServer } from "../e2e/server.ts";
import { closeBrowser, visit } from "./browser.ts";
import { keptDraft } from "./kept_draft.ts";

let server: TestServer;
Deno.test.beforeAll(async () => {
  server = await startServer();
});
Deno.test.afterAll(async () => {
  await closeBrowser();
  await server[Symbol.asyncDispose]();
});

const LEAVES = { sanitizeOps: false, sanitizeResources: false };

const REGION = { key: "a", name: "fox", prompt: "a fox" };
const DRAFT = { layout: { regions: [REGION] }, settings: { width: 128, height: 64 } };

/** No draft that the page could show: in its place the example is there. */
const FOREIGN: readonly unknown[] = [
  { ...DRAFT, layout: { regions: [null] } },
  { ...DRAFT, layout: { regions: [{ ...REGION, geometry: { polygon: { points: [null] } } }] } },
  { ...DRAFT, layout: { regions: [{ ...REGION, prompt: {} }] } },
  { ...DRAFT, layout: { grid: 5, regions: [REGION] } },
  { ...DRAFT, settings: { loras: "x", windows: 3 } },
  { ...DRAFT, origin: { id: {}, version: "x", name: [] } },
];

Deno.test("a kept draft that is none is left, and the page is there with the example", LEAVES, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  const open = async (items: Readonly<Record<string, string>>) => {
    await page.evaluate((items) => {
      // Last of all: the page keeps its own draft whenever that changes.
      addEventListener("pagehide", () => {
        for (const [name, text] of Object.entries(items)) localStorage.setItem(name, text);
      });
    }, items);
    await page.reload();
    await page.getByRole("button", { name: "Paint", exact: true }).waitFor();
  };
  for (const draft of FOREIGN) {
    await open({ "parterre.draft": JSON.stringify(draft) });
    const { layout } = await keptDraft(page);
    assert.equal(layout.regions.length, 3, JSON.stringify(draft));
    const aside = await page.evaluate(() => localStorage.getItem("parterre.draft.unreadable"));
    assert.equal(aside, JSON.stringify(draft), "it is not lost");
  }
  await page.reload();
  const downloading = page.waitForEvent("download");
  const earlier = page.getByRole("button", { name: "Download the earlier draft" });
  await earlier.click();
  assert.equal(Deno.readTextFileSync(await (await downloading).path()), JSON.stringify(FOREIGN.at(-1)));
  await earlier.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => localStorage.getItem("parterre.draft.unreadable")), null);
  const other = { "parterre.masks": "[5]", "parterre.job": `{"id":"x","sequence":-1}`, "parterre.job.input": "[7]" };
  await open({ ...other, "parterre.draft": JSON.stringify(DRAFT), "parterre.theme": "<b>" });
  assert.deepEqual((await keptDraft(page)).layout, DRAFT.layout, "one of before the page knew of saved layouts");
});

Deno.test("files that are no layout are refused with the place, and what was composed stays", LEAVES, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  const before = await keptDraft(page);
  await page.getByRole("tab", { name: "Open" }).click();
  const text = JSON.stringify({ ...SMALL, layout: { regions: [null] } });
  await page.getByLabel("A picture, workflow or document").setInputFiles({
    name: "<img src=x onerror=alert(1)>.json",
    mimeType: "application/json",
    buffer: Buffer.from(text),
  });
  await page.getByText("onerror=alert(1)>.json: input.layout.regions.0 must be of type RegionInput!.").waitFor();
  assert.deepEqual(await keptDraft(page), before);
});

Deno.test("a film that is dropped by mistake is refused unread", LEAVES, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  const film = Deno.makeTempFileSync({ suffix: ".mkv" });
  try {
    Deno.truncateSync(film, 3 * 2 ** 30); // which takes no room on the disk
    await page.getByRole("tab", { name: "Open" }).click();
    await page.getByLabel("A picture, workflow or document").setInputFiles(film);
    await page.getByText("It has 3072 MiB, and may have 8.").waitFor();
  } finally {
    Deno.removeSync(film);
  }
});

Deno.test("of two tabs each finds its own draft again, and a third the latest", LEAVES, async () => {
  await using one = await visit(server.url);
  const other = await one.context.newPage();
  await other.goto(server.url);
  const prompt = async (page: Page) => {
    await page.getByRole("tab", { name: "Picture" }).click();
    return page.getByLabel("Base prompt");
  };
  await (await prompt(one.page)).fill("dunes");
  await (await prompt(other)).fill("snow");
  await one.page.reload();
  assert.equal(await (await prompt(one.page)).inputValue(), "dunes");
  const third = await one.context.newPage();
  await third.goto(server.url);
  assert.equal(await (await prompt(third)).inputValue(), "dunes", "kept once more by the reload");
  await other.reload();
  assert.equal(await (await prompt(other)).inputValue(), "snow");
});

Deno.test("a browser that keeps nothing composes and paints all the same", LEAVES, async () => {
  await using visitor = await visit(`${server.url}/health`);
  const { page, faults } = visitor;
  await page.addInitScript(() => {
    for (const place of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(globalThis, place, {
        get: () => {
          throw new DOMException("Access is denied for this document.", "SecurityError");
        },
      });
    }
  });
  faults.length = 0;
  await page.goto(server.url);
  await page.getByRole("button", { name: "Do not show again" }).click();
  await page.getByLabel("Theme").selectOption("dark");
  await page.getByText("Not kept in this browser: gone with a reload").waitFor();
  await page.getByRole("button", { name: "Paint", exact: true }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Paint", exact: true }).waitFor();
});
