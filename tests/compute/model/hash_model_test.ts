/** A model's hash is what `sha256sum` says, and changes with every file that pictures depend on. */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { ModelCatalog } from "../../../compute/model/catalog.ts";
import { copy } from "../../copy_folder.ts";
import { hashModel } from "../../../compute/model/hash_model.ts";

const MODEL = "tests/fixtures/models/tiny-sd15";

Deno.test("a model's hash is that of the list that sha256sum prints", async () => {
  const script =
    "find . -type f ! -path './embeddings/*' ! -path './loras/*' | sed 's#^./##' | LC_ALL=C sort | xargs sha256sum";
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script], cwd: MODEL }).output();
  assert.equal(hashModel(MODEL), createHash("sha256").update(stdout).digest("hex"));
});

Deno.test("a hash is kept until a file of the model changes, and is null where there is no model", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    copy(MODEL, `${folder}/m`);
    const catalog = new ModelCatalog(folder, { freshMs: 0 });
    const first = await catalog.hash("m");
    assert.equal(first, hashModel(MODEL));
    Deno.writeTextFileSync(`${folder}/m/README.md`, "not a part of it");
    assert.equal(await catalog.hash("m"), first);
    Deno.writeTextFileSync(`${folder}/m/tokenizer/merges.txt`, "other merges");
    assert.notEqual(await catalog.hash("m"), first);
    assert.equal(await catalog.hash("n"), null);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
