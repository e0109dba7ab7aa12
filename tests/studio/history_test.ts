/** Earlier pictures: found again, opened, painted once more, compared, deleted; thousands of them. */

import assert from "node:assert/strict";
import { generate, picture, SMALL, startServer } from "../e2e/server.ts";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { assertAccessible } from "./axe.ts";
import { closeBrowser } from "./browser.ts";
import { draftWhere, visitWith } from "./kept_draft.ts";

Deno.test.afterAll(closeBrowser);

const LEAVES = { sanitizeOps: false, sanitizeResources: false };

Deno.test("an earlier picture is opened in the editor, painted once more, compared and deleted", LEAVES, async () => {
  // With keys: pictures are shown by signed addresses.
  const key = "an-operators-key-of-more-than-32-characters";
  await using server = await startServer({ environment: { PARTERRE_AUTH: "keys", PARTERRE_ADMIN_KEY: key } });
  const client = new GraphqlClient(server.url, key);
  const input = { ...SMALL, model: "beds-256-lcm" };
  await picture(client, input);
  await picture(client, { ...input, seed: 6, layout: { basePrompt: "ocean" } });
  const { generate: { id } } = await generate(client, {
    ...input,
    seed: 7,
    steps: 150,
    width: 512,
    height: 512,
  });
  await client.request(`mutation { cancelGeneration(id: "${id}") { __typename } }`);
  await using visitor = await visitWith(server.url, {}, { key });
  const { page } = visitor;
  const list = page.getByRole("listbox", { name: "Earlier pictures" });
  await list.getByRole("option").nth(2).waitFor();
  const earlier = page.getByRole("region", { name: "Earlier pictures" });
  const press = (name: string) => earlier.getByRole("button", { name, exact: true }).click();

  await page.waitForFunction(() => {
    const images = [...document.querySelectorAll<HTMLImageElement>("[role=option] img")];
    return images.length === 2 && images.every(({ naturalWidth }) => naturalWidth === 64);
  });
  await list.focus();
  await page.keyboard.press("End");
  await list.getByRole("option", { name: /seed 5/, selected: true }).waitFor();
  await assertAccessible(page, "an earlier picture is chosen");
  await press("Open in the editor");
  await draftWhere(page, ({ settings }) => settings["width"] === 64);
  await page.getByRole("region", { name: "Paint", exact: true }).getByText("Attention mode, seed 5").waitFor();

  await page.keyboard.press("Tab");
  await list.getByRole("option", { name: /seed 7/ }).click();
  await press("Open in the editor");
  const canceled = await draftWhere(page, ({ settings }) => settings["seed"] === 7);
  assert.deepEqual([canceled.settings["steps"], canceled.settings["width"]], [150, 512], "without a picture");

  await list.getByRole("option", { name: /seed 6/ }).click();
  await press("Show");
  await page.getByRole("region", { name: "Paint", exact: true }).getByText("Attention mode, seed 6").waitFor();
  assert.equal((await draftWhere(page, () => true)).settings["seed"], 7, "showing changes no draft");
  await press("Paint once more");
  await list.getByRole("option").nth(3).waitFor();
  await list.getByRole("option", { name: /^Painted.*seed 6/ }).nth(1).waitFor();

  await page.getByLabel("Show").selectOption("Canceled");
  await list.getByRole("option", { name: /seed 6/ }).first().waitFor({ state: "detached" });
  await list.getByRole("option", { name: /^Canceled.*seed 7/ }).click();
  assert.equal(await list.getByRole("option").count(), 1);
  await press("Delete");
  await press("Delete for good");
  await page.getByText("None yet.").waitFor();
});

Deno.test("of thousands of pictures those in sight are drawn", LEAVES, async () => {
  await using server = await startServer();
  await using visitor = await visitWith(server.url);
  const { page } = visitor;
  const COUNT = 2000;
  await page.route("**/graphql", async (route) => {
    const { query = "", variables } = route.request().postDataJSON();
    if (!query.includes("query Generations(")) return await route.continue();
    const from = Number(variables.after ?? 0);
    const edges = Array.from({ length: variables.first }, (_, i) => ({
      node: {
        __typename: "Generation",
        id: `Generation:${from + i}`,
        status: "FAILED",
        step: 0,
        steps: 4,
        createdAt: "2026-01-01T00:00:00Z",
        seed: from + i,
        width: 64,
        height: 64,
        mode: "ATTENTION",
        error: null,
        image: null,
        pictures: [],
        rerolls: [],
        regionMasks: [],
      },
    }));
    const end = from + edges.length;
    const pageInfo = { endCursor: String(end), hasNextPage: end < COUNT };
    await route.fulfill({ json: { data: { generations: { edges, pageInfo } } } });
  });
  await page.reload();
  const list = page.getByRole("listbox", { name: "Earlier pictures" });
  await list.getByRole("option", { name: /seed 0,/ }).waitFor();
  await list.focus();
  for (let seen = 0; seen < COUNT - 1;) {
    await page.keyboard.press("End");
    const name = await list.getByRole("option", { selected: true }).getAttribute("aria-label");
    seen = Number(name?.match(/seed (\d+)/)?.[1]);
    assert.ok(await list.getByRole("option").count() < 60);
  }
  await page.keyboard.press("Home");
  await list.getByRole("option", { name: /seed 0,/ }).waitFor();
});
