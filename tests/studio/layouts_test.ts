/** Saved layouts in the studio: saved, opened, compared, and saved by two at once. */

import assert from "node:assert/strict";
import { startServer } from "../e2e/server.ts";
import { assertAccessible } from "./axe.ts";
import { closeBrowser } from "./browser.ts";
import { draftWhere, visitWith } from "./kept_draft.ts";

Deno.test.afterAll(closeBrowser);

const LEAVES = { sanitizeOps: false, sanitizeResources: false };

interface Saved {
  readonly layouts: {
    readonly edges: readonly {
      readonly node: { readonly id: string; readonly name: string; readonly version: number };
    }[];
  };
}

Deno.test(
  "a layout is saved, moved on elsewhere, saved all the same, compared, duplicated, found and deleted",
  LEAVES,
  async () => {
    await using server = await startServer();
    await using visitor = await visitWith(server.url);
    const { page } = visitor;
    const panel = page.getByRole("region", { name: "Saved layouts" });
    const press = (name: string) => panel.getByRole("button", { name, exact: true }).click();
    const saved = async () => {
      const { layouts } = await server.client.request<Saved>("{ layouts { edges { node { id name version } } } }");
      return layouts.edges.map(({ node }) => node);
    };
    await page.getByRole("tab", { name: "Saved" }).click();
    await panel.getByLabel("Name", { exact: true }).fill("meadow");
    await press("Save");
    await panel.getByText("Saved meadow, version 1").waitFor();
    await panel.getByText("As saved.").waitFor();
    const [{ id } = { id: "" }] = await saved();
    assert.deepEqual((await draftWhere(page, ({ origin }) => origin !== null)).origin, {
      id,
      version: 1,
      name: "meadow",
    });

    // Somebody else saves another version, which the page learns when it is to save its own.
    const elsewhere = (prompt: string) =>
      server.client.request(
        `mutation ($id: ID!, $prompt: String!) { updateLayout(input: { id: $id, layout: {
        grid: { direction: COLUMNS, ratios: "1,1" }, regions: [{ name: "sea", prompt: $prompt }, { name: "wood", prompt: "forest" }]
      } }) { __typename } }`,
        { id, prompt },
      );
    await elsewhere("a lake");
    await press("Save as version 2");
    await panel.getByText("meadow is at version 2 by now; this draft comes from version 1.").waitFor();
    await panel.getByText("What changed there").click();
    await panel.getByText("sea, prompt: ocean a lake").waitFor();
    await assertAccessible(page, "a layout that moved on");
    await press("Open version 2");
    const opened = await draftWhere(page, ({ origin }) => origin?.version === 2);
    assert.equal(opened.layout.regions[0]?.prompt, "a lake");
    await page.getByRole("tab", { name: "Region" }).click();
    await elsewhere("a river");
    await page.getByRole("tab", { name: "Saved" }).click();
    await press("Save mine as version 4");
    await panel.getByText("Saved meadow, version 4").waitFor();
    await elsewhere("a pond");
    await page.getByRole("tab", { name: "Region" }).click();
    await page.getByRole("tab", { name: "Saved" }).click();
    await press("Save mine as a copy");
    await panel.getByText("Saved meadow (copy), version 1").waitFor();
    const [copy] = (await saved()).filter(({ name }) => name === "meadow (copy)");
    assert.equal((await draftWhere(page, ({ origin }) => origin?.name === "meadow (copy)")).origin?.id, copy?.id);
    await press("Delete meadow (copy)");
    await press("Delete meadow (copy) for good");
    await panel.getByRole("button", { name: "Open meadow (copy)", exact: true }).waitFor({ state: "detached" });

    await press("Versions of meadow");
    await press("What version 4 changed");
    await panel.getByText("sea, prompt: a river a lake").waitFor();
    await press("Open version 1");
    await draftWhere(page, ({ layout }) => layout.regions[0]?.prompt === "ocean");
    await panel.getByText("One change since version 4").waitFor({ state: "detached" });

    await press("Duplicate meadow");
    await panel.getByText("Saved meadow (copy)").waitFor();
    await panel.getByLabel("Look for a name").fill("COPY");
    await panel.getByRole("button", { name: "Open meadow", exact: true }).waitFor({ state: "detached" });
    await press("Delete meadow (copy)");
    await press("Delete meadow (copy) for good");
    await panel.getByText("None of that name.").waitFor();
    assert.deepEqual(await saved(), [{ id, name: "meadow", version: 5 }]);
  },
);
