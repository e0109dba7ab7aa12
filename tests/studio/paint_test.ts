/** Painting in the studio: previews, progress, a reload and a killed server in the middle, another mode, a region anew. */

import assert from "node:assert/strict";
import type { Page, Request } from "playwright-core";
import { startChild } from "../e2e/child_server.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { assertAccessible } from "./axe.ts";
import { closeBrowser } from "./browser.ts";
import { keptDraft, visitWith } from "./kept_draft.ts";

let server: TestServer;
Deno.test.beforeAll(async () => {
  server = await startServer({ environment: { PARTERRE_MAX_STEPS: "1000" } });
});
Deno.test.afterAll(async () => {
  await closeBrowser();
  await server[Symbol.asyncDispose]();
});

const LEAVES = { sanitizeOps: false, sanitizeResources: false };

const paintBar = (page: Page) => page.getByRole("region", { name: "Paint", exact: true });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const standing = async (page: Page, text: string | RegExp) => {
  const line = paintBar(page).locator("p.standing", { hasText: text });
  await line.waitFor({ timeout: 60_000 }).catch(async (error) => {
    throw new Error(`${await paintBar(page).innerText()}`, { cause: error });
  });
};

Deno.test(
  "a picture is painted: previews come, then the picture; another mode, another seed, a region anew, back",
  LEAVES,
  async () => {
    await using visitor = await visitWith(server.url);
    const { page } = visitor;
    let asked = 0;
    const shown: string[] = [];
    page.on("request", (request) => {
      if (request.postData()?.includes("mutation Generate(")) asked++;
      const { pathname } = new URL(request.url());
      if (request.resourceType() === "fetch" && pathname !== "/graphql") shown.push(pathname.split("/")[1] ?? "");
    });
    await page.keyboard.press("Control+Enter");
    await standing(page, "Painted");
    await page.getByRole("option", { name: /^Painted .*seed 5/ }).waitFor();
    assert.equal(asked, 1);
    // What the canvas shows, as often as it changes.
    assert.deepEqual(shown.filter((kind, i) => kind !== shown[i - 1]), ["previews", "images"]);

    await press(page, "In latent mode too");
    const dialog = page.getByRole("dialog", { name: "Compare two pictures" });
    await dialog.waitFor();
    await dialog.getByRole("img", { name: "Left: Attention mode, seed 5" }).waitFor();
    await dialog.getByRole("img", { name: "Right: Latent mode, seed 5" }).waitFor();
    await assertAccessible(page, "two pictures compared");
    const slider = dialog.getByRole("slider");
    await slider.focus();
    await page.keyboard.press("Home");
    assert.equal(await slider.getAttribute("aria-valuetext"), "0 %");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });

    await press(page, "Back");
    await paintBar(page).getByText("Attention mode, seed 5").waitFor();
    await page.getByRole("group", { name: "A region anew" }).getByRole("combobox").selectOption("wood");
    await press(page, "Paint it anew");
    await paintBar(page).getByText(/wood anew, seed \d+/).waitFor();
    await standing(page, "Painted");
    const anew = await server.client.request<{ generations: { edges: { node: { rerolls: unknown[] } }[] } }>(
      `{ generations(first: 1) { edges { node { rerolls { lockRest regions { name } } } } } }`,
    );
    assert.deepEqual(anew.generations.edges[0]?.node.rerolls, [{ lockRest: true, regions: [{ name: "wood" }] }]);
    await press(page, "Back");
    await paintBar(page).getByText("Attention mode, seed 5", { exact: true }).waitFor();

    // At the region itself: on the canvas's tools, and in its panel.
    await page.getByRole("list", { name: "Regions on the canvas" }).getByRole("button", { name: /sea/ }).focus();
    await page.getByRole("region", { name: "Tools" }).getByRole("button", { name: "Paint sea anew" }).click();
    await paintBar(page).getByText(/sea anew, seed \d+/).waitFor();
    await standing(page, "Painted");
    await page.getByRole("region", { name: "Region", exact: true }).getByRole("button", { name: "Paint sea anew" })
      .click();
    await paintBar(page).getByRole("progressbar").waitFor();
    await standing(page, "Painted");
  },
);

Deno.test("from an empty page to a picture of three regions in six actions", LEAVES, async () => {
  await using visitor = await visitWith(server.url, { width: 96 }, { layout: { regions: [] } });
  const { page } = visitor;
  let actions = 0;
  const act = async (does: Promise<void>) => {
    await does;
    actions++;
  };
  await act(page.getByRole("button", { name: "Grid" }).click());
  await act(page.getByRole("button", { name: "3 columns" }).click());
  for (const [i, prompt] of ["ocean", "forest", "space"].entries()) {
    await page.locator(`[data-path="layout.regions.${i}.prompt"] textarea:focus`).waitFor();
    await act(page.keyboard.type(`${prompt}\n`));
  }
  await page.getByRole("button", { name: "Paint", exact: true }).and(page.locator(":focus")).waitFor();
  await act(page.keyboard.press("Enter"));
  await standing(page, "Painted");
  assert.equal(actions, 6);
  const { layout } = await keptDraft(page);
  assert.deepEqual(layout.regions.map(({ prompt }) => prompt), ["ocean", "forest", "space"]);
});

Deno.test(
  "a region that is found by words is drawn where it was found; of several pictures each is shown",
  LEAVES,
  async () => {
    const layout = {
      basePrompt: "a cat and an apple, white background",
      regions: [{ key: "pet", name: "pet", prompt: "a red square", geometry: { words: { of: "cat" } } }],
    };
    await using visitor = await visitWith(server.url, { width: 64, count: 2 }, { layout });
    const { page } = visitor;
    const label = page.getByRole("list", { name: "Regions on the canvas" }).getByRole("button");
    const tried = page.getByRole("region", { name: "Check" }).getByText(/^Ready/);
    await tried.waitFor();
    assert.equal(await label.count(), 0, "nobody knows yet");
    const images: string[] = [];
    page.on("response", (response) => response.ok() && images.push(new URL(response.url()).pathname));
    await press(page, "Paint");
    await label.filter({ hasText: "pet found" }).waitFor({ timeout: 60_000 });
    await standing(page, "Painted");
    const { generations: { edges: [painted] } } = await server.client.request<{
      generations: {
        edges: { node: { regionMasks: { image: { url: string } }[]; pictures: { image: { url: string } }[] } }[];
      };
    }>(`{ generations(first: 1) { edges { node { regionMasks { image { url } } pictures { image { url } } } } } }`);
    const [mask] = painted?.node.regionMasks ?? [];
    const fetched = new URL(mask?.image.url ?? "", server.url).pathname;
    while (!images.includes(fetched)) await page.waitForResponse((response) => response.url().includes("/images/"));

    const pictures = page.getByRole("group", { name: "Pictures" }).getByRole("button");
    await pictures.nth(1).waitFor();
    assert.deepEqual(await pictures.allInnerTexts(), ["1: seed 5", "2: seed 6"]);
    const second = new URL(painted?.node.pictures[1]?.image.url ?? "", server.url).pathname;
    const shown = page.waitForResponse((response) => new URL(response.url()).pathname === second);
    await pictures.nth(1).click();
    await shown;
    assert.deepEqual(
      await pictures.evaluateAll((all) => all.map((button) => button.getAttribute("aria-pressed"))),
      ["false", "true"],
    );

    // Other words were not looked for.
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.getByRole("region", { name: "Regions" }).getByRole("button", { name: /pet/ }).click();
    await page.getByLabel("Words of the base prompt").fill("apple");
    await label.waitFor({ state: "detached" });
  },
);

Deno.test("a wrong value is told, and what is canceled stops; a reload finds what is painted", LEAVES, async () => {
  await using visitor = await visitWith(server.url, { steps: 9999 });
  const { page } = visitor;
  await page.getByRole("region", { name: "Check" }).getByText(/has to change/).first().waitFor();
  await press(page, "Paint");
  await paintBar(page).getByRole("alert").getByText("input.steps").first().waitFor().catch(async (error) => {
    throw new Error(await paintBar(page).innerText(), { cause: error });
  });

  await using second = await visitWith(server.url, { steps: 300 });
  let followers = 0;
  const follows = (request: Request) => request.postData()?.includes("subscription GenerationEvents") ?? false;
  second.page.on("request", (request) => follows(request) && followers++);
  second.page.on("requestfailed", (request) => follows(request) && followers--);
  second.page.on("requestfinished", (request) => follows(request) && followers--);
  await press(second.page, "Paint");
  await standing(second.page, /^Step/);
  for (let i = 0; i < 3; i++) await second.page.evaluate(() => dispatchEvent(new Event("online")));
  await standing(second.page, /^Step/);
  // The laptop was closed for ten minutes: the page asks for what it missed.
  const caughtUp = second.page.waitForRequest((request) =>
    follows(request) && JSON.parse(request.postData() ?? "{}").variables.after > 0
  );
  await second.page.evaluate(() => {
    const { now } = Date;
    Date.now = () => now() + 600_000;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await caughtUp;
  await standing(second.page, /^Step/);
  await assertAccessible(second.page, "painting");
  assert.equal(followers, 1, "whoever comes back is followed once");
  await second.page.reload();
  await standing(second.page, /^Step/);
  await press(second.page, "Cancel");
  await standing(second.page, "Canceled");
  const { generations } = await server.client.request<{ generations: { edges: unknown[] } }>(
    `{ generations(first: 1) { edges { node { status } } } }`,
  );
  assert.deepEqual(generations.edges, [{ node: { status: "CANCELED" } }]);
});

Deno.test(
  "what is refused for now, or got no answer, is asked for again as the same request, and painted once",
  LEAVES,
  async () => {
    await using visitor = await visitWith(server.url, { width: 64, steps: 1 });
    const { page } = visitor;
    const count = async () => {
      const { generations } = await server.client.request<{ generations: { edges: unknown[] } }>(
        `{ generations(first: 100) { edges { node { id } } } }`,
      );
      return generations.edges.length;
    };
    const before = await count();
    const keys: string[] = [];
    await page.route("**/graphql", async (route) => {
      const { query = "", variables } = JSON.parse(route.request().postData() ?? "{}");
      if (!query.includes("mutation Generate(")) return await route.continue();
      keys.push(variables.input.idempotencyKey);
      if (keys.length === 1) {
        const generate = { __typename: "QueueFullError", message: "The queue is full", retryAfterSeconds: 30 };
        return await route.fulfill({ json: { data: { generate } } });
      }
      if (keys.length > 2) return await route.continue();
      await route.fetch(); // the server takes it, but its answer is lost
      await route.abort();
    });
    await press(page, "Paint");
    await paintBar(page).getByText("The queue is full").waitFor();
    await paintBar(page).getByText(/^Next try in (30|2\d) s$/).waitFor();
    await assertAccessible(page, "refused for now");
    await press(page, "Try now");
    await paintBar(page).getByText("The server cannot be reached.").waitFor();
    await standing(page, "Painted");
    assert.deepEqual([keys.length, new Set(keys).size], [3, 1]);
    assert.equal(await count(), before + 1);
    visitor.faults.length = 0; // the browser tells of the answer that was lost
  },
);

Deno.test(
  "a server that is killed in the middle and started again paints on, and the page follows",
  LEAVES,
  async () => {
    const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
    try {
      const environment = { PARTERRE_DATA: dataFolder };
      const first = await startChild({ environment });
      await using visitor = await visitWith(first.url, { width: 64, steps: 40 });
      const { page } = visitor;
      await press(page, "Paint");
      await standing(page, /^Step [2-9]/);
      first.process.kill("SIGKILL");
      await first.ended;
      await paintBar(page).getByText("Connection lost, trying again").waitFor();
      await using _second = await startChild({
        environment: { ...environment, PARTERRE_PORT: new URL(first.url).port },
      });
      await standing(page, /^Step/);
      await standing(page, "Painted");
      assert.equal(await paintBar(page).getByText("Connection lost").count(), 0);
      visitor.faults.length = 0; // the browser tells of every connection that was refused
    } finally {
      Deno.removeSync(dataFolder, { recursive: true });
    }
  },
);
