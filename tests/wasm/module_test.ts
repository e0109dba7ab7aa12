/** The committed module is what its sources compile to. */

import assert from "node:assert/strict";
import { compileKernels, moduleText } from "../../wasm/build.ts";

Deno.test("building the kernels again gives the committed bytes", async () => {
  const committed = await Deno.readTextFile(new URL("../../wasm/module.ts", import.meta.url));
  const text = moduleText(await compileKernels());
  // Not by equal(): the difference of two modules is no message to read.
  assert(text === committed, "wasm/module.ts is out of date: run `deno task wasm`");
});
