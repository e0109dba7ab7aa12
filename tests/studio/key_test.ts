/** A server that asks for a key. */

import assert from "node:assert/strict";
import { startServer } from "../e2e/server.ts";
import { assertAccessible } from "./axe.ts";
import { closeBrowser, visit } from "./browser.ts";

Deno.test.afterAll(closeBrowser);

const KEY = "an-operators-key-of-more-than-32-characters";

Deno.test("a wrong key is said to be wrong, the right one opens the page", {
  sanitizeOps: false,
  sanitizeResources: false,
}, async () => {
  await using server = await startServer({ environment: { PARTERRE_AUTH: "keys", PARTERRE_ADMIN_KEY: KEY } });
  await using visitor = await visit(server.url);
  const { page, context, faults } = visitor;
  const dialog = page.getByRole("dialog", { name: "This server asks for a key" });
  const field = dialog.getByLabel("Key", { exact: true });
  await field.and(page.locator(":focus")).waitFor();
  await assertAccessible(page, "a key is asked for");
  await field.fill("a-wrong-key");
  await field.press("Enter");
  await dialog.getByRole("alert").filter({ hasText: "The server does not accept this key." }).waitFor();
  await field.and(page.locator(":focus")).waitFor();
  await field.fill("kein Schlüssel");
  await field.press("Enter");
  await dialog.getByRole("alert").filter({ hasText: "This is no key" }).waitFor();
  // Whoever would rather look around first finds the way back in the header.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Enter a key" }).click();
  await dialog.getByRole("checkbox", { name: /Remember it on this device/ }).check();
  await field.fill(KEY);
  await dialog.getByRole("button", { name: "Use this key" }).click();
  const ready = page.getByRole("region", { name: "Check" }).getByRole("status").filter({ hasText: "Ready" });
  await ready.waitFor();
  assert.equal(await dialog.count(), 0);
  // Remembered: also in another tab.
  const second = await context.newPage();
  await second.goto(server.url);
  await second.getByText("Ready.").waitFor();
  await second.close();
  await page.getByRole("button", { name: "Forget" }).click();
  await dialog.waitFor();
  assert.equal(
    await page.evaluate((key) => JSON.stringify({ ...localStorage, ...sessionStorage }).includes(key), KEY),
    false,
  );
  assert.ok(faults.splice(0).every((fault) => fault.includes("401 (Unauthorized)")));
});
