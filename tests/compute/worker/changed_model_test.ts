/** A model whose files change under a compute Worker: work that runs keeps what it has, the next has what is there. */

import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspectModel, type ModelFacts } from "../../../compute/model/inspect.ts";
import { lookAtModel } from "../../../compute/model/model_stamps.ts";
import { Compute, COMPUTE_SCRIPT } from "../../../compute/worker/compute.ts";
import type { GenerationRequest } from "../../../jobs/request.ts";
import { copy } from "../../copy_folder.ts";
import { requestFor } from "../../jobs/requests.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
const REQUEST: GenerationRequest = { ...requestFor("a red fox"), width: 64, height: 64, steps: 2 };

/** A Worker over a folder of two models, `old` and `new`, and `m`, which is a copy of `old`. */
async function withWorker(check: (compute: Compute, modelsFolder: string) => Promise<void>): Promise<void> {
  const modelsFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  for (const name of ["old", "m"]) copy(join(FIXTURES, "tiny-sd15"), join(modelsFolder, name));
  copy(join(FIXTURES, "tiny-turbo"), join(modelsFolder, "new"));
  const compute = await Compute.start({ modelsFolder, threads: 1 });
  try {
    await check(compute, modelsFolder);
  } finally {
    compute.close();
    Deno.removeSync(modelsFolder, { recursive: true });
  }
}

Deno.test("a picture in work is the old model's, the next is the new one's; a broken one makes none", async () => {
  await withWorker(async (compute, modelsFolder) => {
    const paint = async (model: string, onStep = () => {}) => {
      const outcome = await compute.generate({ ...REQUEST, model }, { onStep });
      return outcome.type === "IMAGE" ? [...outcome.image.data] : outcome;
    };
    const model = join(modelsFolder, "m");
    let changes = 0;
    const running = await paint("m", () => {
      if (changes++ > 0) return;
      renameSync(model, join(modelsFolder, "before"));
      copy(join(modelsFolder, "new"), model);
    });
    assert.ok(changes > 0);
    const [ofOld, ofNew] = [await paint("old"), await paint("new")];
    assert.notDeepEqual(ofOld, ofNew);
    assert.deepEqual(running, ofOld);
    assert.deepEqual(await paint("m"), ofNew);

    Deno.truncateSync(join(model, "unet", "model.onnx"), 1000);
    assert.partialDeepStrictEqual(await paint("m"), { type: "FAILED", code: "UNUSABLE_MODEL" });
    assert.deepEqual([...compute.loaded], ["old", "new"], "what it was is not kept");
    Deno.removeSync(model, { recursive: true });
    assert.partialDeepStrictEqual(await paint("m"), { type: "FAILED", code: "UNUSABLE_MODEL" });
    renameSync(join(modelsFolder, "before"), model);
    assert.deepEqual(await paint("m"), ofOld);
  });
});

Deno.test("tokenizers and preview maps that change are read again; embeddings and texts load nothing anew", async () => {
  await withWorker(async (compute, modelsFolder) => {
    const model = join(modelsFolder, "m");
    const loadMs = async () => (await compute.load("m")).loadMs;
    const first = await loadMs();
    Deno.writeTextFileSync(join(model, "README.md"), "a card");
    Deno.utimeSync(join(model, "embeddings", "calm.safetensors"), 1, 1);
    const again = await loadMs();
    assert.ok(first > 10 * again, `${first} ms to load, ${again} ms to find it loaded`);
    Deno.utimeSync(join(model, "tokenizer", "tokenizer.json"), 1, 1);
    const anew = await loadMs();
    assert.ok(anew > 10 * again, `${anew} ms`);
    Deno.writeTextFileSync(join(model, "preview_map.json"), "{}");
    const withMap = await loadMs();
    assert.ok(withMap > 10 * again, `${withMap} ms`);
  });
});

Deno.test("what others know of a model is asked for and used, while it is of the same files", async () => {
  const folder = join(FIXTURES, "tiny-sd15");
  const facts: ModelFacts = {
    stamp: lookAtModel(folder).stamps.graphs,
    inspection: { usable: false, refused: "found by others" },
  };
  const asked: string[] = [];
  let known: ModelFacts | undefined = facts;
  const compute = await Compute.start({ modelsFolder: FIXTURES, threads: 1 }, COMPUTE_SCRIPT, (model) => {
    asked.push(model);
    return known;
  });
  try {
    await assert.rejects(compute.load("tiny-sd15"), /found by others/);
    known = { ...facts, stamp: "of other files" };
    await compute.load("tiny-sd15");
    await compute.load("tiny-sd15");
    assert.deepEqual(asked, ["tiny-sd15", "tiny-sd15"], "not where it is loaded");
    const own = inspectModel(folder, "tiny-sd15");
    assert.deepEqual(await compute.open("tiny-sd15"), own);
  } finally {
    compute.close();
  }
});
