/** What is said of regions and of the picture, and what the server says of it before anything is painted. */

import assert from "node:assert/strict";
import type { Page, Request } from "playwright-core";
import { startServer, type TestServer } from "../e2e/server.ts";
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

const REAL = { sanitizeOps: false, sanitizeResources: false };

/** Waits until the dry run says so. */
async function verdict(page: Page, words: string | RegExp): Promise<void> {
  await page.getByRole("region", { name: "Check" }).getByRole("status").filter({ hasText: words }).waitFor();
}

/** Opens the panel of a region. */
async function openRegion(page: Page, name: string): Promise<void> {
  await verdict(page, "Ready");
  await page.getByRole("region", { name: "Check" }).getByRole("button", { name, exact: true }).click();
}

/** The dry runs that a page asks for from now on. */
function dryRuns(page: Page): Request[] {
  const seen: Request[] = [];
  page.on("request", (request) => void (isDryRun(request) && seen.push(request)));
  return seen;
}

function isDryRun(request: Request): boolean {
  return request.postData()?.includes("query DryRun") ?? false;
}

Deno.test("a prompt is marked as it is typed, and counted by the server", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await openRegion(page, "ocean");
  const prompt = page.getByRole("textbox", { name: "Prompt", exact: true });
  await prompt.fill("a (sailboat:1.3), [calm] sea");
  const marks = page.locator(".prompt-box .marks").first();
  assert.equal(await marks.locator(".more").textContent(), "sailboat");
  assert.equal(await marks.locator(".less").textContent(), "calm");
  const weights = page.getByRole("list", { name: "Weights" });
  assert.deepEqual(await weights.getByRole("listitem").allTextContents(), ["sailboat × 1.3", "calm × 0.91"]);
  // The very count of the server: with the common prompt, which is joined behind.
  const { validateLayout } = await server.client.request<{ validateLayout: { base: { tokens: number } } }>(
    "query ($input: ValidateLayoutInput!) { validateLayout(input: $input) { ... on LayoutReport { base { tokens } } } }",
    { input: { layout: { basePrompt: "a (sailboat:1.3), [calm] sea, noto style" } } },
  );
  await page.getByText(`${validateLayout.base.tokens} of 75 tokens`).waitFor();
  await prompt.fill("a (sailboat embedding:none");
  await page.getByText('"(" has no partner and is read as text').waitFor();
  await page.getByText(/has no embedding "none"/).waitFor();
  // The marks lie under what is typed, line by line.
  const [under, over] = [await marks.boundingBox(), await prompt.boundingBox()];
  assert.deepEqual(under, over);
});

Deno.test("a bad value is told beside its field, and leads there from the check", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page, faults } = visitor;
  await openRegion(page, "forest");
  const weight = page.getByRole("textbox", { name: "Weight", exact: true });
  await weight.fill("-1");
  await verdict(page, "One value has to change");
  assert.equal(await weight.getAttribute("aria-invalid"), "true");
  const described = await weight.evaluate((field) =>
    field.getAttribute("aria-describedby")?.split(" ").map((id) => document.getElementById(id)?.textContent)
  );
  assert.deepEqual(described, ["Must be greater than 0, is -1", "Share where it overlaps others, more than 0"]);
  // A setting of the wrong type, which GraphQL itself refuses, in a fold of the other panel.
  await weight.fill("2");
  await page.getByRole("tab", { name: "Picture" }).click();
  await page.getByText("Large pictures").click();
  await page.getByRole("checkbox", { name: "Predict it in windows" }).check();
  await page.getByRole("textbox", { name: "Window", exact: true }).fill("64.5");
  await verdict(page, "One value has to change");
  await page.getByText("Large pictures").click();
  await page.getByRole("tab", { name: "Region" }).click();
  await page.getByRole("button", { name: /^windows, size: Int cannot represent/ }).click();
  const size = page.getByRole("textbox", { name: "Window", exact: true });
  await size.and(page.locator(":focus")).waitFor();
  await size.fill("many");
  await page.getByRole("tabpanel").getByText('Must be a number, is "many"').waitFor();
  // Nothing is painted meanwhile: the way leads back to the field.
  let asked = 0;
  page.on("request", (request) => request.postData()?.includes("mutation Generate(") && asked++);
  await page.getByRole("button", { name: "Paint", exact: true }).click();
  await size.and(page.locator(":focus")).waitFor();
  await page.getByRole("alert").getByText('Not painted yet. Window: Must be a number, is "many"').waitFor();
  assert.equal(asked, 0);
  await size.fill("");
  await page.getByText("Not painted yet").waitFor({ state: "detached" });
  await verdict(page, "Ready");
  assert.equal(await size.getAttribute("aria-invalid"), "false");
  assert.ok(faults.splice(0).every((fault) => fault.includes("400 (Bad Request)"))); // GraphQL's own refusal
});

Deno.test("what painting alone refuses is gone to at its field, and stays until its value changes", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page, faults } = visitor;
  await verdict(page, "Ready");
  await page.getByRole("tab", { name: "Picture" }).click();
  const seed = page.getByRole("textbox", { name: "Seed", exact: true });
  await seed.fill("5000000000");
  await openRegion(page, "ocean");
  await page.getByRole("button", { name: "Paint", exact: true }).click();
  await seed.and(page.locator(":focus")).waitFor();
  await page.getByRole("tabpanel").getByText(/4294967295/).waitFor();
  assert.equal(await seed.getAttribute("aria-invalid"), "true");
  // Another field's change leaves it there; its own takes it away.
  const answered = page.waitForResponse((response) => isDryRun(response.request()));
  await page.getByRole("textbox", { name: "Steps", exact: true }).fill("3");
  await answered;
  await verdict(page, "One value has to change");
  await seed.fill("5");
  await verdict(page, "Ready");
  assert.ok(faults.splice(0).every((fault) => fault.includes("400 (Bad Request)"))); // GraphQL's own refusal
});

Deno.test("several regions are changed at once", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  const labels = page.getByRole("list", { name: "Regions on the canvas" });
  // By a finger on the canvas: labels let it through.
  await labels.getByRole("button", { name: /ocean/ }).click({ force: true });
  await page.getByRole("textbox", { name: "Weight", exact: true }).fill("2");
  await labels.getByRole("button", { name: /space/ }).click({ modifiers: ["Shift"], force: true });
  await page.getByRole("heading", { name: "2 regions" }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Prompt", exact: true }).count(), 0);
  const weight = page.getByRole("textbox", { name: "Weight", exact: true });
  assert.equal(await weight.getAttribute("placeholder"), "several");
  await weight.fill("0");
  await page.getByRole("tabpanel").getByText("Must be greater than 0, is 0").waitFor();
  await weight.fill("0.5");
  const { layout } = await keptDraft(page);
  assert.deepEqual(layout.regions.map(({ weight }) => weight), [0.5, undefined, 0.5]);
});

Deno.test("a dry run is asked for once the draft rests, and given up once it changes", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await openRegion(page, "space");
  const asked = dryRuns(page);
  const prompt = page.getByRole("textbox", { name: "Prompt", exact: true });
  // In the page, so that no pause of this process is one of the typist.
  await prompt.evaluate(async (field: HTMLTextAreaElement) => {
    for (const letter of ", stars and planets") {
      field.value += letter;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  await page.waitForTimeout(600);
  await verdict(page, "Ready");
  assert.equal(asked.length, 1);
  // A slider that is held is still on its way.
  const slider = page.getByRole("slider", { name: "Feather, slider" });
  await slider.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await slider.boundingBox() ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + 10, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
  await page.waitForTimeout(500);
  assert.equal(asked.length, 1);
  const asks = page.waitForRequest(isDryRun);
  await page.mouse.up();
  await asks;
  await verdict(page, "Ready");
  assert.equal(asked.length, 2);
  // One that is under way while something changes is given up.
  let release = () => {};
  const held = new Promise<void>((resolve) => release = resolve);
  await page.route("**/graphql", async (route) => {
    if (route.request().postData()?.includes("first try")) await held;
    await route.continue().catch(() => {}); // given up meanwhile
  });
  const failed = page.waitForEvent("requestfailed", isDryRun);
  const first = page.waitForRequest(isDryRun);
  await prompt.fill("first try");
  await first;
  await prompt.fill("second try");
  assert.match((await failed).postData() ?? "", /first try/);
  release();
  await verdict(page, "Ready");
  assert.equal(asked.length, 4);
  // What a dry run does not look at asks for none.
  await page.getByRole("tab", { name: "Picture" }).click();
  await page.getByRole("button", { name: "Seed: throw the dice" }).click();
  await page.waitForTimeout(400);
  assert.equal(asked.length, 4);
  assert.match(await page.getByRole("textbox", { name: "Seed", exact: true }).inputValue(), /^\d+$/);
});

Deno.test("the picture's fields follow the model, keep its shape, and are undone by steps", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await verdict(page, "Ready");
  await page.getByRole("tab", { name: "Picture" }).click();
  const steps = page.getByRole("textbox", { name: "Steps", exact: true });
  await page.getByRole("combobox", { name: "Model" }).selectOption("beds-256-lcm");
  await page.locator('input[placeholder="4"]').and(steps).waitFor();
  // A model that was made without guidance heeds no negative prompts, until it is guided.
  const negative = page.getByRole("textbox", { name: "Negative prompt", exact: true });
  assert.equal(await negative.count(), 0);
  await page.getByRole("textbox", { name: "Guidance", exact: true }).fill("3");
  await negative.waitFor();
  const [width, height] = ["Width", "Height"].map((name) => page.getByRole("textbox", { name, exact: true }));
  await page.getByRole("checkbox", { name: "Keep the shape" }).check();
  await width?.fill("384");
  assert.equal(await height?.inputValue(), "128");
  await width?.press("ArrowUp");
  assert.equal(await width?.inputValue(), "392");
  await page.getByRole("combobox", { name: "Shape" }).selectOption({ label: "1:1 · 256 × 256" });
  assert.deepEqual(await Promise.all([width?.inputValue(), height?.inputValue()]), ["256", "256"]);
  for (let i = 0; i < 2; i++) await page.getByRole("button", { name: "Undo" }).click();
  assert.deepEqual(await Promise.all([width?.inputValue(), height?.inputValue()]), ["768", "256"]);
  // The window of steps: two thumbs, by keyboard.
  await openRegion(page, "forest");
  await page.getByRole("slider", { name: "Paints during: from" }).press("PageUp");
  await page.getByRole("slider", { name: "Paints during: until" }).press("PageDown");
  await page.getByText("10 % to 90 % of 4 steps").waitFor();
  await page.reload();
  await openRegion(page, "forest");
  await page.getByText("10 % to 90 % of 4 steps").waitFor();
});

Deno.test("a picture to start from is sent, and one that is none is refused at its field", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await verdict(page, "Ready");
  await page.getByRole("tab", { name: "Picture" }).click();
  await page.getByText("Start from a picture, variations").click();
  const field = page.getByLabel("Picture to start from", { exact: true });
  await field.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
  await page.getByText(/is no PNG|not a PNG|PNG, JPEG/i).first().waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await field.setInputFiles(new URL("../../docs/images/demo.png", import.meta.url).pathname);
  await page.getByRole("textbox", { name: "Strength", exact: true }).waitFor();
  await page.getByRole("combobox", { name: "Paint anew only the place of" }).selectOption("forest");
  await page.getByRole("button", { name: "Picture to start from: remove" }).click();
});

Deno.test("a server that is away is waited for, and what was typed meanwhile is checked then", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page, context, faults } = visitor;
  await openRegion(page, "ocean");
  await context.setOffline(true);
  await page.getByRole("textbox", { name: "Weight", exact: true }).fill("-3");
  await page.getByRole("banner").getByRole("status").filter({ hasText: "Offline, trying again" }).waitFor();
  await verdict(page, "The server cannot be reached");
  await context.setOffline(false);
  await verdict(page, "One value has to change");
  assert.deepEqual((await page.getByRole("banner").getByRole("status").allTextContents()).filter((text) => text), []);
  assert.ok(faults.splice(0).every((fault) => fault.includes("ERR_INTERNET_DISCONNECTED")));
});

Deno.test("on a phone everything fits, and a finger meets every control", REAL, async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  await using visitor = await visit(server.url, phone);
  const { page } = visitor;
  await openRegion(page, "ocean");
  await page.getByText("Seed, guidance, LoRAs").tap();
  for (const tab of ["Region", "Picture"]) {
    await page.getByRole("tab", { name: tab, exact: true }).tap();
    const found = await page.evaluate(() => {
      const small = [...document.querySelectorAll("#panel :is(button, select, summary, input:not([type=checkbox]))")]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }))
        .filter((element) => element.getBoundingClientRect().height < 43.9)
        .map((element) => element.outerHTML);
      return { small, overflow: document.documentElement.scrollWidth - innerWidth };
    });
    assert.deepEqual(found, { small: [], overflow: 0 }, tab);
  }
});

Deno.test("by keyboard: past the head, from room to room, from panel to panel", REAL, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await verdict(page, "Ready");
  const focused = () => page.evaluate(() => document.activeElement?.id);
  await page.keyboard.press("Tab");
  await page.getByRole("link", { name: "Canvas" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "canvas-room");
  await page.keyboard.press("F6");
  await page.keyboard.press("F6");
  assert.equal(await focused(), "panels-room");
  await page.keyboard.press("Shift+F6");
  assert.equal(await focused(), "regions-room");
  await page.getByRole("tab", { name: "Region" }).focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "tab-picture");
  // The three steps of explanation go for good; the example comes back.
  const welcome = page.getByRole("region", { name: "Welcome" });
  for (const name of ["Next", "Next", "Done"]) await welcome.getByRole("button", { name }).press("Enter");
  await page.reload();
  await verdict(page, "Ready");
  assert.equal(await welcome.count(), 0);
  await openRegion(page, "ocean");
  await page.getByRole("textbox", { name: "Name" }).fill("sea");
  await page.getByRole("button", { name: "Example" }).press("Enter");
  await openRegion(page, "ocean");
});

Deno.test("on a phone the canvas is in sight at once, below one row of head and one of tools", REAL, async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  await using visitor = await visit(server.url, phone);
  const { page } = visitor;
  await verdict(page, "Ready");
  const box = async (selector: string) => {
    const found = await page.locator(selector).boundingBox();
    assert.ok(found, selector);
    return found;
  };
  const [head, tools, canvas, bar] = [
    await box("header.top"),
    await box(".tools"),
    await box(".surface"),
    await box(".paint > .paint-row"),
  ];
  assert.ok(head.height < 64, `head: ${head.height}`);
  assert.ok(tools.height < 70, `tools: ${tools.height}`);
  assert.ok(
    canvas.y + canvas.height <= bar.y,
    `the canvas ends at ${canvas.y + canvas.height}, the paint bar begins at ${bar.y}`,
  );
  await page.getByRole("button", { name: /^Keys/ }).tap();
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
});
