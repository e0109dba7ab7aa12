/** How much script a visitor loads. */

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

const BUILT = new URL("../../../studio/dist/studio/", import.meta.url);

Deno.test("the studio's script is at most 150 KB compressed, the pipeline's own Worker apart", () => {
  const scripts = [...Deno.readDirSync(BUILT)].map(({ name }) => name).filter((name) => name.endsWith(".js"));
  assert.ok(scripts.some((name) => name.startsWith("index-")) && scripts.some((name) => name.startsWith("worker-")));
  const page = scripts.filter((name) => !name.startsWith("worker-"));
  const size = page.reduce((sum, name) => sum + gzipSync(Deno.readFileSync(new URL(name, BUILT))).length, 0);
  assert.ok(size <= 150_000, `${size} bytes`);
});
