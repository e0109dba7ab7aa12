/** `deno task studio:pictures`: takes the pictures of docs/studio.md, all of them or those that are named. */

import { fileURLToPath } from "node:url";
import { readConfig } from "../../server/config.ts";
import { type Parterre, startParterre } from "../../server/parterre.ts";
import { orRefuse } from "../../server/refusal.ts";
import { launchChromium } from "./chromium.ts";
import { pictureOf, STATES } from "./states.ts";

const PICTURES = fileURLToPath(new URL("../../docs/images/studio", import.meta.url));
const WIDE = { width: 1280, height: 800 };

if (import.meta.main) await orRefuse(() => takePictures(Deno.args));

async function takePictures(names: readonly string[]): Promise<void> {
  await using ended = new AsyncDisposableStack();
  const start = async (environment: Record<string, string>): Promise<Parterre> => {
    const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-studio-" });
    const parterre = await startParterre({ ...readConfig(environment), port: 0, dataFolder });
    ended.defer(async () => {
      await parterre.close();
      Deno.removeSync(dataFolder, { recursive: true });
    });
    return parterre;
  };
  const open = await start({});
  const asking = await start({ PARTERRE_AUTH: "keys", PARTERRE_ADMIN_KEY: "k".repeat(32), PARTERRE_PRELOAD: "none" });
  const browser = await launchChromium();
  ended.defer(() => browser.close());
  const page = await browser.newPage({ viewport: WIDE, reducedMotion: "reduce" });
  await page.goto(open.url);
  const folder = Deno.makeTempDirSync({ prefix: "parterre-studio-files-" });
  ended.defer(() => Deno.removeSync(folder, { recursive: true }));
  for (const state of STATES) {
    await page.emulateMedia({ colorScheme: state.theme });
    await page.setViewportSize(state.size ?? WIDE);
    await state.reach({ page, folder, server: { url: open.url, withKeys: asking.url } });
    if (names.length > 0 && !names.includes(state.name)) continue;
    await page.waitForTimeout(500); // the canvas draws with the next frames
    await page.screenshot({ path: pictureOf(state, PICTURES), type: "jpeg", quality: 80 });
    console.log(state.name);
  }
}
