/** A model's hash is what `sha256sum` says, and changes with every file that pictures depend on. */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { ModelHashes } from "../../../compute/worker/model_hashes.ts";
import { hashModel } from "../../../compute/model/hash_model.ts";

const MODEL = "tests/fixtures/models/tiny-sd15";

Deno.test("a model's hash is that of the list that sha256sum prints", async () => {
  const script =
    "find . -type f ! -path './embeddings/*' ! -name README.md | sed 's#^./##' | LC_ALL=C sort | xargs sha256sum";
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script], cwd: MODEL }).output();
  assert.equal(hashModel(MODEL), createHash("sha256").update(stdout).digest("hex"));
});

Deno.test("a hash is kept until a file changes, and is null where there is no model", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    Deno.mkdirSync(`${folder}/m/unet`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/m/unet/model.onnx`, "a");
    const hashes = new ModelHashes(folder);
    const first = await hashes.of("m");
    assert.match(String(first), /^[0-9a-f]{64}$/);
    assert.equal(hashes.of("m"), hashes.of("m"));
    Deno.writeTextFileSync(`${folder}/m/README.md`, "not a part of it");
    assert.equal(await hashes.of("m"), first);
    Deno.writeTextFileSync(`${folder}/m/unet/config.json`, "{}");
    assert.notEqual(await hashes.of("m"), first);
    assert.equal(await hashes.of("n"), null);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
