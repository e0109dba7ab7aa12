/** What the studio keeps in the browser, for tests that look at it or put something there. */

import type { Page } from "playwright-core";
import { type Visit, visit } from "./browser.ts";

/** A draft as the page keeps it, as far as tests look at it. */
export interface KeptDraft {
  readonly layout: {
    readonly basePrompt?: string;
    readonly regions: readonly { readonly name: string; readonly prompt: string; readonly weight?: number }[];
  };
  readonly settings: Readonly<Record<string, unknown>>;
  readonly origin: { readonly id: string; readonly version: number; readonly name: string } | null;
}

/** Two small beds that are painted quickly. */
const LAYOUT = {
  grid: { direction: "COLUMNS", ratios: "1,1" },
  regions: [{ key: "sea", name: "sea", prompt: "ocean" }, { key: "wood", name: "wood", prompt: "forest" }],
};

/** A visitor who finds two small beds in the editor, with these settings beside their own, or another layout. */
export async function visitWith(
  url: string,
  settings: Readonly<Record<string, unknown>> = {},
  { layout = LAYOUT, key = null }: { layout?: unknown; key?: string | null } = {},
): Promise<Visit> {
  const visitor = await visit(url);
  const { page, faults } = visitor;
  const draft = {
    layout,
    settings: { width: 128, height: 64, seed: 5, model: "beds-256-lcm", ...settings },
    origin: null,
  };
  await page.evaluate(({ draft, key }) => {
    // Last of all: the page keeps its own draft whenever that changes, as once it knows the models.
    addEventListener("pagehide", () => localStorage.setItem("parterre.draft", JSON.stringify(draft)));
    if (key !== null) sessionStorage.setItem("parterre.key", key);
  }, { draft, key });
  await page.reload();
  if (key !== null) faults.length = 0; // the page asked without one before
  await page.getByRole("button", { name: "Paint", exact: true }).waitFor();
  return visitor;
}

/** The draft as the page keeps it now. */
export function keptDraft(page: Page): Promise<KeptDraft> {
  return page.evaluate(() => JSON.parse(localStorage.getItem("parterre.draft") ?? "null"));
}

/** Waits until the kept draft is as it should be. */
export async function draftWhere(page: Page, holds: (draft: KeptDraft) => boolean): Promise<KeptDraft> {
  for (const since = performance.now(); performance.now() - since < 60_000;) {
    const draft = await keptDraft(page);
    if (holds(draft)) return draft;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Not in a minute: ${JSON.stringify(await keptDraft(page))}\n${await page.innerText("body")}`);
}
