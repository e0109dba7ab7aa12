/** An inspector takes what others find, for as long as the model stays as it is. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Inspection } from "../../../compute/model/inspect.ts";
import { ModelInspector } from "../../../compute/worker/inspector.ts";

const folder = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
const FOUND: Inspection = { usable: true, memoryBytes: 1, maxClipSkip: 1 };

Deno.test("what is remembered is answered, and where nothing was found it looks itself", async () => {
  const inspector = new ModelInspector(folder);
  inspector.remember("tiny-sd15", Promise.resolve(FOUND));
  assert.deepEqual(await inspector.inspect("tiny-sd15"), FOUND);

  inspector.remember("tiny-sd15", Promise.reject(new Error("the Worker died")));
  const own = await inspector.inspect("tiny-sd15");
  assert.ok(own.usable && own.memoryBytes > 1000, JSON.stringify(own));
});
