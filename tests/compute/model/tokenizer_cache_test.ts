/** Tokenizers are read once, and again when the stamp of their files changes. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readModelConfig } from "../../../compute/model/config.ts";
import { TokenizerCache } from "../../../compute/model/tokenizer_cache.ts";

const MODELS = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

Deno.test("the second question reads nothing: the tokenizers are the same objects", () => {
  const cache = new TokenizerCache();
  const config = readModelConfig(join(MODELS, "tiny-sdxl"), "tiny-sdxl");
  const first = cache.get(config, "a");
  assert.equal(first.length, 2);
  assert.strictEqual(cache.get(readModelConfig(join(MODELS, "tiny-sdxl"), "tiny-sdxl"), "a"), first);
  assert.notStrictEqual(new TokenizerCache().get(config, "a"), first);
});

Deno.test("another stamp, or row length, has them read anew", () => {
  const cache = new TokenizerCache();
  const config = readModelConfig(join(MODELS, "tiny-sd15"), "tiny-sd15");
  const first = cache.get(config, "a");
  const second = cache.get(config, "b");
  assert.notStrictEqual(second, first);
  assert.strictEqual(cache.get(config, "b"), second);
  const [encoder] = config.textEncoders;
  assert(encoder);
  const shorter = { ...encoder, config: { ...encoder.config, max_position_embeddings: 20 } };
  const [tokenizer] = cache.get({ ...config, textEncoders: [shorter] }, "b");
  assert.equal(tokenizer?.length, 20);
});

Deno.test("the tokenizers of eight models are kept", () => {
  const cache = new TokenizerCache();
  const root = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    const configs = Array.from({ length: 9 }, (_, i) => {
      Deno.symlinkSync(join(MODELS, "tiny-sd15"), join(root, `${i}`));
      return readModelConfig(join(root, `${i}`), "tiny-sd15");
    });
    const kept = configs.map((config) => cache.get(config, ""));
    assert.deepEqual(
      configs.slice(1).map((config, i) => cache.get(config, "") === kept[i + 1]),
      new Array(8).fill(true),
    );
    assert.notStrictEqual(cache.get(configs[0] ?? assert.fail(), ""), kept[0]);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});
