/** The studio for people who do not see it, or not well: axe-core finds nothing in any state, in any theme, at any size. */

import type { Page } from "playwright-core";
import { startServer, type TestServer } from "../e2e/server.ts";
import { assertAccessible } from "./axe.ts";
import { closeBrowser, visit } from "./browser.ts";
import { visitWith } from "./kept_draft.ts";

let server: TestServer;
Deno.test.beforeAll(async () => {
  server = await startServer();
  // What draws layouts starts with the first one, which takes its time where nothing is compiled yet.
  await server.client.request("query { validateLayout(input: { layout: {} }) { __typename } }");
});
Deno.test.afterAll(async () => {
  await closeBrowser();
  await server[Symbol.asyncDispose]();
});

const REAL = { sanitizeOps: false, sanitizeResources: false };

/** Waits until the dry run says so. */
async function verdict(page: Page, words: string): Promise<void> {
  await page.getByRole("region", { name: "Check" }).getByRole("status").filter({ hasText: words }).waitFor();
}

/** Opens everything that is folded away. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => fold.open = true));
}

const LOOKS = [
  { name: "wide", viewport: { width: 1440, height: 900 } },
  { name: "phone", viewport: { width: 390, height: 844 }, hasTouch: true },
] as const;

for (const { name, ...options } of LOOKS) {
  Deno.test(`axe finds nothing: ${name}`, REAL, async () => {
    await using visitor = await visit(server.url, options);
    const { page } = visitor;
    await verdict(page, "Ready");
    await assertAccessible(page, "first visit");
    await page.getByRole("region", { name: "Check" }).getByRole("button", { name: "ocean" }).click();
    await page.getByRole("textbox", { name: "Prompt", exact: true }).fill(
      "(a:1.4) [b] [c:d:0.5] word <lora:dusk> (",
    );
    await page.getByRole("textbox", { name: "Weight", exact: true }).fill("-1");
    await verdict(page, "One value has to change");
    await unfold(page);
    await assertAccessible(page, "a region with a problem, its prompt marked");
    await page.getByRole("textbox", { name: "Weight", exact: true }).fill("");
    for (const panel of ["Picture", "Saved", "Open", "Take away"]) {
      await page.getByRole("tab", { name: panel }).click();
      await unfold(page);
      if (panel === "Picture") {
        await page.getByRole("checkbox", { name: "Paint it again, larger" }).check();
        await page.getByRole("textbox", { name: "Width", exact: true }).fill("1024");
        await page.getByRole("textbox", { name: "Height", exact: true }).fill("1024");
        await verdict(page, "Ready, with");
      }
      await assertAccessible(page, `panel ${panel}`);
    }
  });
}

Deno.test("axe finds nothing where there is no region and no server", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page, context, faults } = visitor;
  await verdict(page, "Ready");
  await page.evaluate(() =>
    addEventListener(
      "pagehide",
      () => localStorage.setItem("parterre.draft", '{"layout":{"regions":[]},"settings":{},"origin":null}'),
    )
  );
  await page.reload();
  await page.getByText("There are no regions yet").waitFor();
  await assertAccessible(page, "no regions");
  await context.setOffline(true);
  await page.getByRole("tab", { name: "Picture" }).click();
  await page.getByRole("textbox", { name: "Base prompt" }).fill("a meadow");
  await verdict(page, "The server cannot be reached");
  await assertAccessible(page, "offline");
  await page.goto("about:blank"); // it would go on trying
  faults.splice(0);
});

Deno.test(
  "axe finds nothing while a picture is painted, once it is there, and over what opens above the page",
  REAL,
  async () => {
    await using visitor = await visitWith(server.url, { steps: 60 });
    const { page } = visitor;
    await page.getByRole("button", { name: "Paint", exact: true }).click();
    await page.getByRole("progressbar").waitFor();
    await assertAccessible(page, "painting");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Canceled").first().waitFor();
    await page.getByRole("tab", { name: "Picture" }).click();
    await page.getByRole("textbox", { name: "Steps", exact: true }).fill("1");
    await page.getByRole("button", { name: "Paint", exact: true }).click();
    await page.getByText("Painted").first().waitFor();
    await page.getByRole("button", { name: /^Keys/ }).click();
    await page.getByRole("dialog").waitFor();
    await assertAccessible(page, "help");
    await page.keyboard.press("Escape");
    await unfold(page);
    await assertAccessible(page, "painted, menus open");
  },
);
