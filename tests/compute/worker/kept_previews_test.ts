/** A preview map is fitted once: a later start finds it, and fits again where it was spoilt. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Compute } from "../../../compute/worker/compute.ts";
import { requestFor } from "../../jobs/requests.ts";

const modelsFolder = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
const REQUEST = { ...requestFor("a garden"), model: "tiny-sd15", width: 32, height: 32, steps: 1 };

async function preview(cacheFolder: string): Promise<readonly number[]> {
  const compute = await Compute.start({ modelsFolder, threads: 1, cacheFolder });
  let bytes: readonly number[] = [];
  const outcome = await compute.generate(REQUEST, { onStep: ({ preview }) => bytes = [...preview.data] });
  compute.close();
  assert.equal(outcome.type, "IMAGE", JSON.stringify(outcome));
  assert.ok(bytes.length > 0);
  return bytes;
}

Deno.test("the second start uses what the first one kept; a spoilt file is replaced", async () => {
  const cacheFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    const first = await preview(cacheFolder);
    const folder = join(cacheFolder, "preview-maps");
    const [file, ...others] = [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name));
    assert.ok(file !== undefined && others.length === 0);
    const text = Deno.readTextFileSync(file);

    Deno.utimeSync(file, 1, 1);
    assert.deepEqual(await preview(cacheFolder), first);
    assert.equal(Deno.statSync(file).mtime?.getTime(), 1000, "it was used, not written again");

    Deno.writeTextFileSync(file, text.slice(0, -40));
    assert.deepEqual(await preview(cacheFolder), first);
    assert.equal(Deno.readTextFileSync(file), text);
  } finally {
    Deno.removeSync(cacheFolder, { recursive: true });
  }
});
