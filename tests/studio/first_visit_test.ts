/** What somebody sees who opens the studio for the first time. */

import assert from "node:assert/strict";
import { startServer } from "../e2e/server.ts";
import { closeBrowser, visit } from "./browser.ts";

Deno.test.afterAll(closeBrowser);

Deno.test("a first visit finds the example's regions", { sanitizeOps: false, sanitizeResources: false }, async () => {
  await using server = await startServer();
  await using visitor = await visit(server.url);
  const { page } = visitor;
  assert.equal(await page.title(), "Parterre");
  await page.getByRole("heading", { name: "Parterre" }).waitFor();
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
});
