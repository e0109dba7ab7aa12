/** The committed module is what its sources compile to. */

import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

Deno.test("building the kernels again gives the committed bytes", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-lock", "--allow-read", "--allow-env", "wasm/build.ts", "--check"],
    cwd: ROOT,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
});
