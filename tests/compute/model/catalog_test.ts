/** What a model says of itself in `parterre.json`, beside its stock files. */

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CatalogEntry, ModelCatalog } from "../../../compute/model/catalog.ts";

const SD15 = fileURLToPath(new URL("../../fixtures/models/tiny-sd15", import.meta.url));

/** What the catalog makes of a stock model with such a file; null: with none. */
async function saying(text: string | null): Promise<CatalogEntry> {
  const folder = await Deno.makeTempDir();
  try {
    cpSync(SD15, join(folder, "m"), { recursive: true });
    if (text !== null) await Deno.writeTextFile(join(folder, "m", "parterre.json"), text);
    const entry = new ModelCatalog(folder).find("m");
    assert(entry !== undefined);
    return entry;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a model is refused if a link in it leads out of the folder of models, or nowhere; links within are followed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const models = join(folder, "models");
    const elsewhere = join(folder, "models-elsewhere"); // begins with the name of the folder
    cpSync(SD15, join(models, "m"), { recursive: true });
    cpSync(SD15, elsewhere, { recursive: true });
    const catalog = new ModelCatalog(models, { freshMs: 0 });
    const entry = (name: string) => {
      const found = catalog.find(name);
      return found !== undefined && "refused" in found ? found.refused : found?.name;
    };
    Deno.symlinkSync("m", join(models, "again"));
    assert.equal(entry("again"), "again");

    const refused = (path: string) => `Cannot use "${path}": the link must not lead out of the folder of models`;
    Deno.symlinkSync(elsewhere, join(models, "out"));
    assert.equal(entry("out"), refused("out"));
    const secret = join(models, "m", "tokenizer", "merges.txt");
    Deno.removeSync(secret);
    Deno.symlinkSync("/etc/passwd", secret);
    assert.equal(entry("m"), refused("m/tokenizer/merges.txt"));
    assert.equal(entry("again"), refused("again/tokenizer/merges.txt"));
    Deno.removeSync(secret);
    Deno.symlinkSync("nowhere", secret);
    assert.equal(entry("m"), refused("m/tokenizer/merges.txt"));
    assert.equal(catalog.hasUsable(), false);

    const linked = join(folder, "linked"); // the folder of models itself may be a link
    Deno.symlinkSync(models, linked);
    Deno.removeSync(secret);
    assert.equal(new ModelCatalog(linked).hasUsable(), true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The facts that the file may state. */
async function facts(text: string | null) {
  const entry = await saying(text);
  assert("config" in entry, JSON.stringify(entry));
  const { distillation, supportsNegativePrompt } = entry.capabilities;
  return { ...entry.defaults, distillation, supportsNegativePrompt };
}

const STOCK = { steps: 25, guidanceScale: 7.5, distillation: "NONE", supportsNegativePrompt: true };

Deno.test("a model without parterre.json, or with an empty one, is what its stock files say", async () => {
  assert.deepEqual(await facts(null), STOCK);
  assert.deepEqual(await facts("{}"), STOCK);
});

Deno.test("defaults of its own go before the family's, one by one", async () => {
  assert.deepEqual(await facts('{ "defaults": { "steps": 12 } }'), { ...STOCK, steps: 12 });
  assert.deepEqual(await facts('{ "defaults": { "guidanceScale": 3 } }'), { ...STOCK, guidanceScale: 3 });
});

Deno.test("a distillation that the scheduler does not show is stated, and brings its defaults", async () => {
  const few = { steps: 4, guidanceScale: 1, distillation: "TURBO", supportsNegativePrompt: false };
  assert.deepEqual(await facts('{ "distillation": "TURBO" }'), few);
  assert.deepEqual(await facts('{ "distillation": "TURBO", "defaults": { "steps": 8 } }'), { ...few, steps: 8 });
});

for (const text of ['{ "distillation": "FAST" }', '{ "defaults": { "steps": 0 } }', "{"]) {
  Deno.test(`refused, with the file's name: ${text}`, async () => {
    const entry = await saying(text);
    assert("refused" in entry && entry.refused.includes("parterre.json"), JSON.stringify(entry));
  });
}
