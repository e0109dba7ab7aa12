/** A catalogue reads a file once, and again when it has changed; and looks whether it has no more than once a second. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ModelCatalog, type UsableModel } from "../../../compute/model/catalog.ts";
import { inspectModel } from "../../../compute/model/inspect.ts";
import { findModel } from "../../../requests/find_model.ts";
import { copy } from "../../copy_folder.ts";
import { CountedFiles } from "../../counted_files.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

/** A folder of models with copies of fixtures. */
async function withModels(names: readonly string[], check: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    for (const name of names) copy(join(FIXTURES, name), join(folder, name));
    await check(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function usable(catalog: ModelCatalog, name: string): UsableModel {
  const entry = catalog.find(name);
  assert.ok(entry !== undefined && "config" in entry, JSON.stringify(entry));
  return entry;
}

/** Everything that is asked of a catalogue for a row of generations. */
async function askAll(catalog: ModelCatalog, name: string) {
  const { config } = usable(catalog, name);
  return {
    config,
    tokenizers: catalog.tokenizers(config),
    embeddings: catalog.embeddings(config),
    inspection: await catalog.inspect(name),
  };
}

let inspections = 0;
const inspect = (folder: string, name: string) => {
  inspections++;
  return Promise.resolve(inspectModel(folder, name));
};

Deno.test("a thousand questions read nothing and look at nothing after the first", async () => {
  await withModels(["tiny-sd15", "tiny-sdxl"], async (folder) => {
    const catalog = new ModelCatalog(folder, { freshMs: 60_000, inspect });
    const first = await askAll(catalog, "tiny-sd15");
    assert.equal(first.embeddings.length, 3);
    catalog.list();
    using files = new CountedFiles(folder);
    for (let i = 0; i < 1000; i++) {
      const now = await askAll(catalog, "tiny-sd15");
      for (const key of ["config", "tokenizers", "embeddings"] as const) assert.strictEqual(now[key], first[key]);
      catalog.list();
      findModel("tiny-sdxl", catalog, () => assert.fail());
      findModel(null, catalog, () => assert.fail());
    }
    assert.deepEqual([files.read, files.looked], [[], []]);
  });
});

Deno.test("what is asked for a second later is looked at, and what did not change is not read", async () => {
  await withModels(["tiny-sd15"], async (folder) => {
    const catalog = new ModelCatalog(folder, { freshMs: 0, inspect });
    await askAll(catalog, "tiny-sd15");
    using files = new CountedFiles(folder);
    await askAll(catalog, "tiny-sd15");
    assert.deepEqual(files.read, []);
    assert.ok(files.looked.includes("tiny-sd15/unet/model.onnx"));
  });
});

Deno.test("a changed file has that read again which is read from it, and nothing else", async () => {
  await withModels(["tiny-sd15"], async (folder) => {
    const catalog = new ModelCatalog(folder, { freshMs: 0, inspect });
    const model = join(folder, "tiny-sd15");
    Deno.writeTextFileSync(join(model, "parterre.json"), "{}");
    await askAll(catalog, "tiny-sd15");
    using files = new CountedFiles(model);
    /** Folders of which something was read after a file has become younger. */
    const readAfter = async (path: string) => {
      Deno.utimeSync(join(model, path), new Date(), Date.now() / 1000 + 100);
      files.clear();
      const before = inspections;
      await askAll(catalog, "tiny-sd15");
      const inspected = inspections - before;
      return [inspected, ...new Set(files.read.map((read) => read.split("/")[0]))].sort();
    };
    const configs = ["model_index.json", "parterre.json", "scheduler", "text_encoder", "unet", "vae_decoder"];
    assert.deepEqual(await readAfter("tokenizer/tokenizer.json"), [0, "tokenizer"]);
    assert.deepEqual(await readAfter("embeddings/calm.safetensors"), [0, "embeddings"]);
    assert.deepEqual(await readAfter("parterre.json"), [0, ...configs]);
    assert.deepEqual(await readAfter("text_encoder/model.onnx"), [1, ...configs]);
  });
});

Deno.test("folders that come, break, are mended and go are seen, each at the next look", async () => {
  await withModels([], (folder) => {
    const catalog = new ModelCatalog(folder, { freshMs: 0 });
    const state = () => {
      const entry = catalog.find("m");
      return entry === undefined ? "none" : "config" in entry ? "usable" : "refused";
    };
    const states = [state()];
    copy(join(FIXTURES, "tiny-sd15"), join(folder, "m"));
    states.push(state());
    const scheduler = join(folder, "m", "scheduler", "scheduler_config.json");
    const good = Deno.readTextFileSync(scheduler);
    Deno.writeTextFileSync(scheduler, "{");
    states.push(state());
    Deno.writeTextFileSync(scheduler, good);
    states.push(state());
    Deno.removeSync(join(folder, "m", "model_index.json"));
    states.push(state());
    Deno.removeSync(join(folder, "m"), { recursive: true });
    states.push(state());
    assert.deepEqual(states, ["none", "usable", "refused", "usable", "none", "none"]);
    assert.deepEqual(catalog.list(), []);
  });
});

Deno.test("a request is not refused by what was seen a moment ago", async () => {
  await withModels([], (folder) => {
    const catalog = new ModelCatalog(folder, { freshMs: 60_000 });
    const refusals: string[] = [];
    const find = (name: string | null) => findModel(name, catalog, (code) => refusals.push(code))?.name;
    assert.equal(find(null), undefined);
    copy(join(FIXTURES, "tiny-sd15"), join(folder, "m"));
    assert.deepEqual(catalog.list(), [], "lists wait for the next look");
    assert.equal(find("m"), "m");
    Deno.removeSync(join(folder, "m", "scheduler"), { recursive: true });
    assert.equal(find("m"), "m", "and so do those that are not refused");
    catalog.lookAgain();
    assert.equal(find("m"), undefined);
    copy(join(FIXTURES, "tiny-sd15"), join(folder, "m"));
    assert.equal(find(null), "m");
    assert.equal(find("../m"), undefined);
    assert.deepEqual(refusals, ["UNKNOWN_MODEL", "UNSUPPORTED", "UNKNOWN_MODEL"]);
  });
});

Deno.test("what others find in a model's graphs is taken, for as long as they stay as they are", async () => {
  await withModels(["tiny-sd15"], async (folder) => {
    const catalog = new ModelCatalog(folder, { freshMs: 0, inspect });
    const found = { usable: true, memoryBytes: 1, maxClipSkip: 1 } as const;
    assert.equal(catalog.factsOf("tiny-sd15"), undefined);
    catalog.remember("tiny-sd15", Promise.resolve(found));
    assert.deepEqual(await catalog.inspect("tiny-sd15"), found);
    assert.deepEqual(catalog.factsOf("tiny-sd15")?.inspection, found);

    const decoder = join(folder, "tiny-sd15", "vae_decoder", "model.onnx");
    Deno.utimeSync(decoder, new Date(), Date.now() / 1000 + 100);
    assert.equal(catalog.factsOf("tiny-sd15"), undefined);
    const own = await catalog.inspect("tiny-sd15");
    assert.ok(own.usable && own.memoryBytes > 1000, JSON.stringify(own));

    catalog.remember("tiny-sd15", Promise.reject(new Error("the Worker died")));
    assert.deepEqual(await catalog.inspect("tiny-sd15"), own, "where nothing was found it looks itself");
    catalog.remember("no such model", Promise.resolve(found));
    assert.deepEqual(await catalog.inspect("no such model"), {
      usable: false,
      refused: 'Cannot use "no such model": there is no such model',
    });
  });
});
