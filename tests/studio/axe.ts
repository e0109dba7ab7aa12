/** What axe-core, with every rule it has by default, finds on a page. */

import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * Fails with every violation and where it is, in the light theme and in the dark one.
 * @param state What the page shows, for the message.
 */
export async function assertAccessible(page: Page, state: string): Promise<void> {
  await page.evaluate(axe.source);
  assert.deepEqual(await violations(page, "light", {}), [], `axe: ${state}`);
  // Between themes nothing but colours differs.
  const colours: axe.RunOptions = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };
  assert.deepEqual(await violations(page, "dark", colours), [], `axe: ${state}, dark`);
}

/** How often a page that changes while axe looks at it is looked at. */
const LOOKS = 5;

/**
 * What axe finds. It measures where everything lies once, at its beginning: what moves meanwhile, as an answer comes, is
 * seen on a white that is not there. So what was found on a page that changed is looked for again.
 */
function violations(page: Page, theme: "light" | "dark", options: axe.RunOptions): Promise<readonly unknown[]> {
  return page.evaluate(async ([theme, options, looks]) => {
    document.documentElement.dataset.theme = theme;
    // What was folded away has its new colours only once it was drawn.
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    let found: axe.Result[] = [];
    for (let look = 0, changed = true; changed && look < looks; look++) {
      changed = false;
      const watched = new MutationObserver(() => changed = true);
      watched.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      found = (await (globalThis as unknown as { axe: typeof axe }).axe.run(options)).violations;
      watched.disconnect();
      if (found.length === 0) break;
    }
    delete document.documentElement.dataset.theme;
    return found.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 300)} ${failureSummary}`),
    }));
  }, [theme, options, LOOKS] as const);
}
