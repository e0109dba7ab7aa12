/** The studio in a real Chromium, for tests that are its users. */

import assert from "node:assert/strict";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium } from "../../tools/studio/chromium.ts";

let started: Promise<Browser> | undefined;
addEventListener("unload", () => void started?.then((browser) => browser.close()));

/** A visitor with the page open; `await using` closes it and fails if the page itself did. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors that nobody caught and what the console called an error, so far; tests that provoke some empty it. */
  readonly faults: string[];
}

/** Opens a page as a visitor who was never there. */
export async function visit(url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const browser = await (started ??= launchChromium());
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  // A server that shares two cores with others takes its time to load a model.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error.stack ?? error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(url);
  return {
    page,
    context,
    faults,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      assert.deepEqual(faults, []);
    },
  };
}

/** Ends the browser, so that a test file leaves nothing running. */
export async function closeBrowser(): Promise<void> {
  await (await started)?.close();
  started = undefined;
}
