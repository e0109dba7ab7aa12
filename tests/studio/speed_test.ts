/** How quick the page is to its users: while a model loads, and while previews come. */

import assert from "node:assert/strict";
import { startServer } from "../e2e/server.ts";
import { closeBrowser, visit } from "./browser.ts";
import { visitWith } from "./kept_draft.ts";

Deno.test.afterAll(closeBrowser);

const REAL = { sanitizeOps: false, sanitizeResources: false };

/** The goals are a second and 100 ms; machines on which tests share two cores with the model get more. */
const PAINTED_MS = 3000;
const ANSWERED_MS = 100;
const SLOWEST_MS = 1000;

Deno.test("the page is painted while a model still loads", REAL, async () => {
  await using server = await startServer({ environment: { PARTERRE_PRELOAD: "beds-256" } });
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await page.getByRole("button", { name: "Paint", exact: true }).waitFor();
  const firstPaint = await page.evaluate(async () => {
    const painted = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    while (painted() === undefined) await new Promise(requestAnimationFrame);
    return painted() ?? Infinity;
  });
  console.log(`first paint after ${Math.round(firstPaint)} ms`);
  assert.ok(firstPaint < PAINTED_MS, `${firstPaint} ms`);
});

Deno.test("keys, sliders and tabs are answered at once while previews come", REAL, async () => {
  await using server = await startServer();
  await using visitor = await visitWith(server.url, { steps: 60, width: 256, height: 256 });
  const { page } = visitor;
  let previews = 0;
  page.on("request", (request) => void (request.url().includes("/previews/") && previews++));
  // Source: https://web.dev/articles/inp; a duration reaches from the event to the next frame.
  await page.evaluate(() => {
    const durations: number[] = [];
    Object.assign(globalThis, { durations });
    const seen = new PerformanceObserver((list) =>
      durations.push(...list.getEntries().map(({ duration }) => duration))
    );
    seen.observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  });
  await page.keyboard.press("Control+Enter");
  await page.waitForRequest((request) => request.url().includes("/previews/"));
  await page.getByRole("region", { name: "Check" }).getByRole("button", { name: "sea" }).click();
  await page.getByRole("textbox", { name: "Prompt", exact: true }).pressSequentially(", (waves:1.2) and foam");
  for (let i = 0; i < 10; i++) await page.getByRole("slider", { name: "Weight, slider" }).press("ArrowRight");
  for (const tab of ["Picture", "Saved", "Region"]) await page.getByRole("tab", { name: tab, exact: true }).click();
  assert.ok(await page.getByRole("button", { name: "Cancel" }).isVisible(), "still painting");
  const durations = await page.evaluate(() => [...(globalThis as unknown as { durations: number[] }).durations]);
  const sorted = durations.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  console.log(`${previews} previews; interaction to next paint: median ${at(0.5)} ms, 98 % ${at(0.98)} ms`);
  assert.ok(previews > 0);
  assert.ok(at(0.5) < ANSWERED_MS && at(0.98) < SLOWEST_MS, JSON.stringify(sorted));
  await page.getByRole("button", { name: "Cancel" }).click();
});
