/** The canvas and the list of regions, as those use them who draw: by mouse, by keys, by fingers. */

import assert from "node:assert/strict";
import type { CDPSession, Locator, Page, Request } from "playwright-core";
import { startServer, type TestServer } from "../e2e/server.ts";
import { closeBrowser, visit } from "./browser.ts";

// deno-lint-ignore no-explicit-any
type Region = { key: string; name: string; z?: number; enabled?: boolean; geometry?: any };
interface Kept {
  readonly layout: { readonly regions: readonly Region[]; readonly grid?: { readonly ratios: string } };
}

const PERMISSIONS = { sanitizeOps: false, sanitizeResources: false };
let server: TestServer;
Deno.test.beforeAll(async () => {
  server = await startServer();
});
Deno.test.afterAll(async () => {
  await closeBrowser();
  await server[Symbol.asyncDispose]();
});

/** The draft as the page keeps it across reloads. */
function kept(page: Page): Promise<Kept> {
  return page.evaluate(() => JSON.parse(localStorage.getItem("parterre.draft") ?? "null"));
}

async function regions(page: Page): Promise<readonly Region[]> {
  return (await kept(page)).layout.regions;
}

/** A region's name over the canvas. */
function label(page: Page, name: RegExp): Locator {
  return page.getByRole("list", { name: "Regions on the canvas" }).getByRole("button", { name });
}

/** Where a point of the picture, in fractions, is on the page. */
async function spot(page: Page, x: number, y: number): Promise<readonly [number, number]> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  const box = await page.locator(".canvas-overlay").boundingBox();
  assert.ok(box);
  return [box.x + x * box.width, box.y + y * box.height];
}

async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await page.mouse.move(...await spot(page, ...from));
  await page.mouse.down();
  await page.mouse.move(...await spot(page, (from[0] + to[0]) / 2, (from[1] + to[1]) / 2));
  await page.mouse.move(...await spot(page, ...to));
  await page.mouse.up();
}

function close(actual: number | undefined, wanted: number, what: string): void {
  assert.ok(actual !== undefined && Math.abs(actual - wanted) < 0.006, `${what}: ${actual}, not ${wanted}`);
}

/** A page without regions. */
async function emptyPage(page: Page): Promise<void> {
  await label(page, /^1 ocean/).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.getByRole("button", { name: "Grid" }).click();
  await page.getByRole("button", { name: "No grid" }).click();
  assert.deepEqual(await regions(page), []);
}

Deno.test("each tool draws its kind of region, and undo takes one after the other back", PERMISSIONS, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await emptyPage(page);
  const tools = page.getByRole("region", { name: "Tools" });

  await tools.getByRole("button", { name: "Rectangle" }).click();
  await drag(page, [0.1, 0.2], [0.4, 0.8]);
  await tools.getByRole("button", { name: "Ellipse" }).click();
  await drag(page, [0.55, 0.1], [0.75, 0.6]);
  await tools.getByRole("button", { name: "Polygon" }).click();
  for (const corner of [[0.8, 0.2], [0.95, 0.2], [0.9, 0.7], [0.8, 0.2]] as const) {
    await page.mouse.click(...await spot(page, corner[0], corner[1]));
  }
  await tools.getByRole("button", { name: "Brush" }).click();
  const sent = page.waitForResponse((response) =>
    String(response.request().headers()["content-type"]).startsWith("multipart/form-data")
  );
  await drag(page, [0.1, 0.9], [0.5, 0.9]);
  await sent;

  await label(page, /^4 region 4 ?, mask/).waitFor();
  const [rectangle, ellipse, polygon, mask] = (await regions(page)).map(({ geometry }) => geometry);
  close(rectangle.rectangle.x, 0.1, "x");
  close(rectangle.rectangle.height, 0.6, "height");
  close(ellipse.ellipse.cx, 0.65, "cx");
  close(ellipse.ellipse.ry, 0.25, "ry");
  assert.equal(polygon.polygon.points.length, 3);
  close(polygon.polygon.points[2].y, 0.7, "third corner");
  const { maskAsset } = await server.client.request<{ maskAsset: { width: number; height: number } | null }>(
    "query($id: ID!) { maskAsset(id: $id) { width height } }",
    { id: mask.mask.asset },
  );
  assert.deepEqual(maskAsset, { width: 768, height: 256 });

  // A painted mask is moved and resized as any other shape, each in one step of undo.
  await tools.getByRole("button", { name: "Select", exact: true }).click();
  const place = page.getByRole("region", { name: "Regions" });
  const inPixels = async (name: string) => Number(await place.getByLabel(`${name} (px)`).inputValue());
  const otherAsset = async (...not: string[]) => {
    await page.waitForFunction((not) => {
      const mask = JSON.parse(localStorage.getItem("parterre.draft") ?? "").layout.regions[3].geometry.mask.asset;
      return /^[0-9a-f]{64}$/.test(mask) && !not.includes(mask);
    }, not);
    return (await regions(page))[3]?.geometry.mask.asset as string;
  };
  const [top, height] = [await inPixels("Top"), await inPixels("Height")];
  await page.keyboard.down("Alt");
  await drag(page, [0.3, 0.9], [0.3, 0.6]);
  await page.keyboard.up("Alt");
  const moved = await otherAsset(mask.mask.asset);
  assert.ok(Math.abs(top - 0.3 * 256 - await inPixels("Top")) <= 2, `from ${top} to ${await inPixels("Top")}`);
  await place.getByLabel("Height (px)").fill(String(height / 2));
  await page.keyboard.press("Tab");
  await otherAsset(mask.mask.asset, moved);
  assert.ok(Math.abs(height / 2 - await inPixels("Height")) <= 2);
  await page.getByRole("group", { name: "Drawing area" }).focus();
  await page.keyboard.press("Control+z");
  assert.equal((await regions(page))[3]?.geometry.mask.asset, moved);
  await page.keyboard.press("Control+z");
  assert.equal((await regions(page))[3]?.geometry.mask.asset, mask.mask.asset);
  await tools.getByRole("button", { name: "Brush" }).click();

  // Erasing makes another mask; undo brings the first one back.
  await page.getByRole("button", { name: "Erase" }).click();
  await drag(page, [0.3, 0.9], [0.5, 0.9]);
  await page.waitForFunction(
    (asset) => !localStorage.getItem("parterre.draft")?.includes(asset),
    mask.mask.asset as string,
  );
  await page.keyboard.press("Control+z");
  assert.equal((await regions(page))[3]?.geometry.mask.asset, mask.mask.asset);
  for (const left of [3, 2, 1]) {
    await page.keyboard.press("Control+z");
    assert.equal((await regions(page)).length, left);
  }
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+y");
  assert.equal((await regions(page)).length, 3);
});

Deno.test("a painted mask waits in the browser until the server can be reached", PERMISSIONS, async () => {
  await using visitor = await visit(server.url);
  const { page, faults } = visitor;
  const isUpload = (request: Request) => String(request.headers()["content-type"]).startsWith("multipart/form-data");
  await page.route("**/graphql", (route) => isUpload(route.request()) ? route.abort() : route.continue());
  await page.getByRole("button", { name: "Brush" }).click();
  const lost = page.waitForEvent("requestfailed", isUpload);
  await drag(page, [0.2, 0.5], [0.6, 0.4]);
  await lost;
  const asset = (await regions(page))[3]?.geometry.mask.asset;
  const stored = async () =>
    (await server.client.request<{ maskAsset: unknown }>("query($id: ID!) { maskAsset(id: $id) { id } }", {
      id: asset,
    }))
      .maskAsset;
  assert.equal(await stored(), null);

  await page.unroute("**/graphql");
  const arrived = page.waitForEvent("requestfinished", isUpload);
  await page.reload();
  await arrived;
  assert.deepEqual(await stored(), { id: asset });
  await page.getByRole("region", { name: "Check" }).getByText("Ready").waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("parterre.masks")), "{}");
  faults.splice(0);
});

Deno.test("regions are selected, moved, resized, combined, and put in front by the mouse", PERMISSIONS, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await emptyPage(page);
  const tools = page.getByRole("region", { name: "Tools" });
  await page.keyboard.press("Control+0");
  for (const [from, to] of [[[0.1, 0.1], [0.3, 0.5]], [[0.55, 0.42], [0.8, 0.87]]] as const) {
    await tools.getByRole("button", { name: "Rectangle" }).click();
    await drag(page, from, to);
  }
  // A drag near the left edge and the middle snaps to them, and with Alt it does not.
  await drag(page, [0.2, 0.3], [0.105, 0.51]);
  let [first] = await regions(page);
  assert.equal(first?.geometry.rectangle.x, 0);
  assert.ok(Math.abs(first?.geometry.rectangle.y + first?.geometry.rectangle.height / 2 - 0.5) < 1e-4);
  await page.keyboard.down("Alt");
  await drag(page, [0.1, 0.5], [0.106, 0.5]);
  await page.keyboard.up("Alt");
  [first] = await regions(page);
  close(first?.geometry.rectangle.x, 0.006, "not snapped");
  await page.keyboard.press("Control+z");
  assert.equal((await regions(page))[0]?.geometry.rectangle.x, 0);

  // Escape gives a drag up.
  await page.mouse.move(...await spot(page, 0.1, 0.5));
  await page.mouse.down();
  await page.mouse.move(...await spot(page, 0.3, 0.5));
  await page.keyboard.press("Escape");
  await page.mouse.up();
  assert.equal((await regions(page))[0]?.geometry.rectangle.x, 0);

  // The handle at the lower right corner.
  const { x, y, width, height } = (await regions(page))[0]?.geometry.rectangle;
  await drag(page, [x + width, y + height], [x + width + 0.17, y + height + 0.12]);
  const grown = (await regions(page))[0]?.geometry.rectangle;
  close(grown.width, width + 0.17, "width");
  close(grown.height, height + 0.12, "height");
  assert.equal(grown.x, x);

  // A box around both selects both; the union keeps the first's name; subtraction keeps both.
  await drag(page, [0.98, 0.02], [0.02, 0.98]);
  assert.equal(await page.locator(".region-label[aria-pressed=true]").count(), 2);
  await tools.getByRole("button", { name: "Subtract from the first" }).click();
  assert.ok((await regions(page))[0]?.geometry.subtraction);
  assert.equal((await regions(page)).length, 2);
  await page.keyboard.press("Control+z");
  await drag(page, [0.98, 0.02], [0.02, 0.98]);
  await tools.getByRole("button", { name: "Unite" }).click();
  const [united, ...others] = await regions(page);
  assert.equal(united?.geometry.union.length, 2);
  assert.deepEqual(others, []);
  await page.keyboard.press("Control+z");

  await page.mouse.click(...await spot(page, 0.1, 0.5));
  await tools.getByRole("button", { name: "To the front" }).click();
  const depths = (await regions(page)).map(({ z }) => z ?? 0);
  assert.ok(Number(depths[0]) > Number(depths[1]));
  await tools.getByRole("button", { name: "Duplicate" }).click();
  assert.deepEqual((await regions(page)).map(({ name }) => name), ["region 1", "region 3", "region 2"]);
});

Deno.test("a grid's dividers are dragged and nudged, and a cell becomes a shape of its own", PERMISSIONS, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  const ratios = async () => (await kept(page)).layout.grid?.ratios;
  const divider = page.getByRole("separator", { name: "Divider 1" });
  await drag(page, [1 / 3, 0.5], [0.4, 0.5]);
  assert.match(String(await ratios()), /^1\.2\d*,0\.8\d*,1$/);
  await drag(page, [0.4, 0.5], [0.335, 0.5]);
  assert.equal(await ratios(), "1,1,1", "near the third it snaps");
  await divider.focus();
  await page.keyboard.press("Shift+ArrowRight");
  const [left = 0, right = 0] = String(await ratios()).split(",").map(Number);
  close(left, 266 / 256, "ten pixels further");
  close(left + right, 2, "the others keep their place");

  await label(page, /^2 forest/).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText("forest fills a cell of the grid").waitFor();
  await page.keyboard.press("c");
  const [ocean, forest, space] = await regions(page);
  assert.deepEqual([ocean?.geometry, space?.geometry], [{ cell: 0 }, { cell: 2 }]);
  close(forest?.geometry.rectangle.x, 266 / 768, "left edge");

  const tools = page.getByRole("region", { name: "Tools" });
  await tools.getByRole("button", { name: "Grid" }).click();
  await tools.getByRole("button", { name: "2 by 2" }).click();
  assert.equal(await page.getByRole("separator").count(), 3);
  assert.equal((await regions(page)).length, 5);
  assert.equal(await label(page, /^4 region 4/).getAttribute("aria-pressed"), "true", "the first without a prompt");
  assert.equal(await page.getByRole("separator", { name: "Divider 1" }).getAttribute("aria-orientation"), "horizontal");
});

Deno.test("the keyboard alone adds, moves, renames, stacks, switches and deletes regions", PERMISSIONS, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await page.getByRole("group", { name: "Drawing area" }).focus();
  await page.keyboard.press("r");
  await page.keyboard.press("Enter");
  let added = (await regions(page))[3];
  const { x, width } = added?.geometry.rectangle;
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Alt+ArrowRight");
  added = (await regions(page))[3];
  close(added?.geometry.rectangle.x, x - 11 / 768, "moved by eleven pixels");
  close(added?.geometry.rectangle.width, width + 1 / 768, "one pixel wider");

  // Tab goes on to the regions, which are named.
  await page.keyboard.press("Tab");
  assert.match(String(await page.evaluate(() => document.activeElement?.textContent)), /^1 ocean, cell/);
  await page.keyboard.press("h");
  assert.equal((await regions(page))[0]?.enabled, false);
  await page.keyboard.press("F2");
  await page.keyboard.type("sea");
  await page.keyboard.press("Enter");
  assert.equal((await regions(page))[0]?.name, "sea");

  // In the list: arrows, Alt with arrows, the place in numbers.
  assert.match(String(await page.evaluate(() => document.activeElement?.textContent)), /sea/);
  await page.keyboard.press("Alt+ArrowDown");
  assert.deepEqual((await regions(page)).map(({ name }) => name), ["forest", "sea", "space", "region 4"]);
  assert.deepEqual((await regions(page)).map(({ geometry }) => geometry?.cell), [1, 0, 2, undefined]);
  await page.keyboard.press("End");
  const list = page.getByRole("region", { name: "Regions" });
  await list.getByLabel("Left (px)").fill("700");
  await page.keyboard.press("Tab");
  await list.getByText(/Left must end inside the picture/).waitFor();
  await list.getByLabel("Left (px)").fill("76.8");
  await page.keyboard.press("Tab");
  close((await regions(page))[3]?.geometry.rectangle.x, 0.1, "left");

  await list.getByRole("button", { name: "Add" }).focus();
  await page.keyboard.press("Enter");
  await list.getByRole("button", { name: "Where words are found" }).press("Enter");
  await list.getByLabel("Words of the base prompt").fill("fox");
  assert.deepEqual((await regions(page))[4]?.geometry, { words: { of: "fox" } });
  await list.getByRole("button", { name: /region 5/ }).focus();
  await page.keyboard.press("Delete");
  assert.equal((await regions(page)).length, 4);
  assert.match(String(await page.evaluate(() => document.activeElement?.textContent)), /region 4/);

  await page.getByRole("group", { name: "Drawing area" }).focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog", { name: "Keys" }).isVisible(), false);
});

Deno.test("fingers draw, move, pinch and press long", PERMISSIONS, async () => {
  await using visitor = await visit(server.url, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const { page, context } = visitor;
  const touch = await context.newCDPSession(page);
  await page.getByRole("button", { name: "Rectangle" }).tap();
  await fingers(touch, [await path(page, [0.4, 0.1], [0.6, 0.9])]);
  const drawn = (await regions(page))[3]?.geometry.rectangle;
  close(drawn.x, 0.4, "left");
  await fingers(touch, [await path(page, [0.5, 0.5], [0.53, 0.5])]);
  close((await regions(page))[3]?.geometry.rectangle.x, drawn.x + 0.03, "moved, away from every line");

  const before = await page.locator(".canvas-overlay").boundingBox();
  await fingers(touch, [await path(page, [0.45, 0.5], [0.25, 0.5]), await path(page, [0.55, 0.5], [0.75, 0.5])]);
  const after = await page.locator(".canvas-overlay").boundingBox();
  assert.ok(Number(after?.width) > 3 * Number(before?.width), "two fingers zoom");
  await page.getByRole("button", { name: "Fit" }).tap();

  await touch.send("Input.dispatchTouchEvent", {
    type: "touchStart",
    touchPoints: [point(await spot(page, 0.9, 0.5), 0)],
  });
  await page.waitForFunction(() => document.querySelectorAll(".region-label[aria-pressed=true]").length === 2);
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
});

Deno.test("a drag over 32 regions keeps up with the screen, and asks the server nothing", PERMISSIONS, async () => {
  await using visitor = await visit(server.url);
  const { page } = visitor;
  await page.evaluate(() => {
    const regions = Array.from({ length: 32 }, (_, i) => ({
      key: `k${i}`,
      name: `bed ${i + 1}`,
      prompt: "a fox",
      feather: i % 8 === 7 ? 0.05 : undefined,
      geometry: i % 3 === 0
        ? { rectangle: { x: (i % 8) / 9, y: Math.floor(i / 8) / 5, width: 0.2, height: 0.3 } }
        : { ellipse: { cx: (i % 8) / 9 + 0.1, cy: Math.floor(i / 8) / 5 + 0.15, rx: 0.09, ry: 0.14 } },
    }));
    localStorage.setItem(
      "parterre.draft",
      JSON.stringify({ layout: { regions }, settings: { width: 768, height: 512 }, origin: null }),
    );
  });
  await page.reload();
  await label(page, /^32 bed 32/).waitFor();
  assert.equal(await page.getByRole("region", { name: "Regions" }).getByRole("checkbox").count(), 32);
  await page.waitForLoadState("networkidle");
  let held = false;
  const asked: string[] = [];
  page.on("request", (request) => held && request.postData()?.includes("DryRun") && asked.push(request.url()));
  held = true;
  const regionDrag = await frames(page, [0.02, 0.02], [0.6, 0.6], () => held = false);
  assert.deepEqual(asked, [], "no dry run while dragging");
  assert.notEqual((await regions(page))[0]?.geometry.rectangle.x, 0);

  const tools = page.getByRole("region", { name: "Tools" });
  await tools.getByRole("button", { name: "Grid" }).click();
  await tools.getByRole("button", { name: "2 columns" }).click();
  const dividerDrag = await frames(page, [0.5, 0.5], [0.25, 0.5]);
  for (const [what, { median, slow }] of Object.entries({ regionDrag, dividerDrag })) {
    console.log(`${what}: median ${median.toFixed(1)} ms a frame, nine of ten within ${slow.toFixed(1)} ms`);
    assert.ok(median < 50, `${what}: ${median} ms`);
  }
});

/** Times between frames during a drag, in milliseconds. */
async function frames(
  page: Page,
  from: readonly [number, number],
  to: readonly [number, number],
  released = () => {},
): Promise<{ readonly median: number; readonly slow: number }> {
  await page.mouse.move(...await spot(page, ...from));
  await page.mouse.down();
  await page.evaluate(() => {
    const times: number[] = [];
    const note = (time: number) => {
      times.push(time);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
    Object.assign(globalThis, { frameTimes: times });
  });
  const [x0, y0] = await spot(page, ...from), [x1, y1] = await spot(page, ...to);
  const steps = 30;
  for (let i = 1; i <= steps; i++) {
    await page.mouse.move(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps);
  }
  const times = await page.evaluate(() => (globalThis as unknown as { frameTimes: number[] }).frameTimes);
  released();
  await page.mouse.up();
  const spans = times.slice(1).map((time, i) => time - (times[i] ?? 0)).toSorted((a, b) => a - b);
  return { median: spans[Math.floor(spans.length / 2)] ?? 0, slow: spans[Math.floor(spans.length * 0.9)] ?? 0 };
}

type Path = readonly (readonly [number, number])[];

async function path(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<Path> {
  const steps = 8;
  const shares = Array.from({ length: steps + 1 }, (_, i) => i / steps);
  return await Promise.all(
    shares.map((share) => spot(page, from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share)),
  );
}

/** Fingers that move together along their paths. */
async function fingers(touch: CDPSession, paths: readonly Path[]): Promise<void> {
  const length = paths[0]?.length ?? 0;
  for (let i = 0; i < length; i++) {
    const touchPoints = paths.map((path, id) => point(path[i] ?? [0, 0], id));
    await touch.send("Input.dispatchTouchEvent", { type: i === 0 ? "touchStart" : "touchMove", touchPoints });
  }
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

function point(
  [x, y]: readonly [number, number],
  id: number,
): { readonly x: number; readonly y: number; readonly id: number } {
  return { x, y, id };
}
