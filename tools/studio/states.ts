/** The states of the studio that docs/studio.md shows, in the order in which one visitor passes through them. */

import { join } from "node:path";
import type { Page } from "playwright-core";

/** What a state is reached with. */
export interface Stage {
  readonly page: Page;
  /** A folder for files on the way. */
  readonly folder: string;
  /** Makes the server answer as one that asks for keys, until it is made open again. */
  readonly server: { readonly url: string; readonly withKeys: string };
}

/** One state: how to get there from the one before. */
export interface State {
  /** Of its picture, `docs/images/studio/<name>.jpg`. */
  readonly name: string;
  readonly theme: "light" | "dark";
  readonly size?: { readonly width: number; readonly height: number };
  reach(stage: Stage): Promise<void>;
}

const PHONE = { width: 390, height: 844 };

/** Milliseconds that a state may take to come: pictures are painted on the way. */
const PATIENCE = { timeout: 180_000 };

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" });
const tab = (page: Page, name: string) => page.getByRole("tab", { name, exact: true }).click();
const paintBar = (page: Page) => page.getByRole("region", { name: "Paint", exact: true });
const ready = (page: Page) =>
  page.getByRole("region", { name: "Check" }).getByRole("status").filter({ hasText: "Ready" }).waitFor(PATIENCE);
const painted = (page: Page) => paintBar(page).getByText("Painted", { exact: true }).first().waitFor(PATIENCE);

/** Every state. */
export const STATES: readonly State[] = [
  { name: "first-visit", theme: "light", reach: ({ page }) => ready(page) },
  {
    name: "region",
    theme: "light",
    async reach({ page }) {
      await page.getByRole("region", { name: "Check" }).getByRole("button", { name: "forest", exact: true }).click();
      await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("a (fox:1.2), [autumn] forest");
      await ready(page);
    },
  },
  {
    name: "problem",
    theme: "light",
    async reach({ page }) {
      await page.getByRole("textbox", { name: "Weight", exact: true }).fill("-1");
      await page.getByText(/One value has to change/).first().waitFor(PATIENCE);
    },
  },
  {
    name: "painting",
    theme: "dark",
    async reach({ page }) {
      await page.getByRole("textbox", { name: "Weight", exact: true }).fill("");
      await ready(page);
      await button(page, "Paint").click();
      await paintBar(page).getByText(/Step [1-3] of/).first().waitFor(PATIENCE);
    },
  },
  { name: "painted", theme: "dark", reach: ({ page }) => painted(page) },
  {
    name: "compare",
    theme: "dark",
    async reach({ page }) {
      await button(page, "In latent mode too").click();
      await page.getByRole("dialog", { name: "Compare two pictures" }).waitFor(PATIENCE);
    },
  },
  {
    name: "reroll",
    theme: "dark",
    async reach({ page }) {
      await page.keyboard.press("Escape");
      await button(page, "Back").click();
      await page.getByRole("group", { name: "A region anew" }).getByRole("combobox").selectOption("space");
      await button(page, "Paint it anew").click();
      await paintBar(page).getByText(/space anew, seed/).first().waitFor(PATIENCE);
      await painted(page);
    },
  },
  {
    name: "saved",
    theme: "light",
    async reach({ page }) {
      await tab(page, "Saved");
      await page.getByRole("textbox", { name: "Name" }).first().fill("Three beds");
      await button(page, /^Save/).first().click();
      await page.getByText("Version 1").first().waitFor(PATIENCE);
    },
  },
  {
    name: "open",
    theme: "light",
    async reach({ page }) {
      await tab(page, "Open");
      const text = "a night sky ADDROW a sailboat, ocean ADDCOL a lighthouse, cliff";
      await page.getByRole("textbox", { name: "Or a text" }).fill(text);
    },
  },
  { name: "take-away", theme: "light", reach: ({ page }) => tab(page, "Take away") },
  {
    name: "empty",
    theme: "light",
    async reach({ page }) {
      await page.evaluate(() =>
        addEventListener(
          "pagehide",
          () => localStorage.setItem("parterre.draft", '{"layout":{"regions":[]},"settings":{},"origin":null}'),
        )
      );
      await page.reload();
      await page.getByText("There are no regions yet").waitFor(PATIENCE);
    },
  },
  {
    name: "here",
    theme: "dark",
    async reach({ page, server }) {
      await page.evaluate(() => localStorage.removeItem("parterre.draft"));
      await page.goto(`${server.url}/?compute=local`);
      await button(page, "Example").click();
      await ready(page);
      await button(page, "Paint").click();
      await paintBar(page).getByText(/^(Beginning|Step)/).first().waitFor(PATIENCE);
      await painted(page);
    },
  },
  {
    name: "phone",
    theme: "dark",
    size: PHONE,
    async reach({ page, server }) {
      await page.goto(`${server.url}/?compute=server`);
      await ready(page);
    },
  },
  {
    name: "key",
    theme: "light",
    async reach({ page, server }) {
      await page.goto(server.withKeys);
      await page.getByRole("dialog").waitFor(PATIENCE);
      await page.getByRole("dialog").getByRole("textbox").or(page.getByRole("dialog").locator("input[type=password]"))
        .first().fill("not-the-right-one-as-it-seems-at-all");
      await page.keyboard.press("Enter");
      await page.waitForTimeout(1500);
    },
  },
];

/** Where a state's picture is. */
export function pictureOf({ name }: Pick<State, "name">, folder: string): string {
  return join(folder, `${name}.jpg`);
}
