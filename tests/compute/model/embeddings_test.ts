/** Embeddings in a model's folder: which files it can use, by name and kind, and why it cannot use others. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { readModelConfig } from "../../../compute/model/config.ts";
import { EmbeddingFileError, EmbeddingFiles, UnknownEmbeddingError } from "../../../compute/model/embeddings.ts";
import { parseSafetensors } from "../../../compute/model/safetensors.ts";
import { safetensors, type StoredTensor } from "../../write_safetensors.ts";

const MODELS = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

/** The fixture's config with an `embeddings` folder of its own. */
async function withFiles(
  model: string,
  files: Readonly<Record<string, Uint8Array>>,
  check: (files: EmbeddingFiles, config: ReturnType<typeof readModelConfig>) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "embeddings"));
    for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(join(folder, "embeddings", name), bytes);
    await check(new EmbeddingFiles(), { ...readModelConfig(join(MODELS, model), model), folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const rows = (count: number, width: number, more: Partial<StoredTensor> = {}): StoredTensor => ({
  shape: [count, width],
  data: Array.from({ length: count * width }, (_, i) => i / 7),
  ...more,
});

Deno.test("one encoder takes the one tensor there is, whatever its key: emb_params, or the token", async () => {
  const files = {
    "a.safetensors": safetensors({ emb_params: rows(3, 32) }),
    "b.safetensors": safetensors({ "<cat-toy>": { shape: [32], data: rows(1, 32).data } }),
    "c.safetensors": safetensors({ clip_l: rows(2, 32) }),
    "notes.txt": new Uint8Array(),
  };
  await withFiles("tiny-sd15", files, (embeddings, config) => {
    assert.deepEqual(embeddings.list(config), [{ name: "a", vectors: 3 }, { name: "b", vectors: 1 }, {
      name: "c",
      vectors: 2,
    }]);
    const [tensor] = embeddings.get(config, "b").byEncoder;
    assert.deepEqual(tensor, { dims: [1, 32], data: Float32Array.from(rows(1, 32).data as number[]) });
  });
});

Deno.test("two encoders take clip_l and clip_g", async () => {
  const file = safetensors({ clip_g: rows(2, 40), clip_l: rows(2, 24) });
  await withFiles("tiny-sdxl", { "a.safetensors": file }, (embeddings, config) => {
    assert.deepEqual(embeddings.get(config, "a").byEncoder.map(({ dims }) => dims), [[2, 24], [2, 40]]);
  });
});

Deno.test("half floats of both kinds and doubles are read", async () => {
  const values = [0.5, -2, 1024, 0.09375], row = Array.from({ length: 32 }, (_, i) => values[i % 4] ?? 0);
  const bfloat = new Uint16Array(Float32Array.from(row).buffer).filter((_, i) => i % 2 === 1);
  const bytes = (data: { readonly buffer: ArrayBufferLike }) => new Uint8Array(data.buffer as ArrayBuffer);
  const of = (dtype: string, data: Uint8Array<ArrayBuffer>) =>
    safetensors({ emb_params: { shape: [1, 32], data, dtype } });
  const files = {
    "half.safetensors": of("F16", bytes(Float16Array.from(row))),
    "brain.safetensors": of("BF16", bytes(bfloat)),
    "double.safetensors": of("F64", bytes(Float64Array.from(row))),
  };
  await withFiles("tiny-sd15", files, (embeddings, config) => {
    for (const name of ["half", "brain", "double"]) {
      assert.deepEqual(embeddings.get(config, name).byEncoder[0]?.data, Float32Array.from(row), name);
    }
  });
});

const REFUSED: readonly (readonly [what: string, model: string, file: Uint8Array, reason: RegExp])[] = [
  ["another width", "tiny-sd15", safetensors({ emb_params: rows(2, 40) }), /40 wide, those of text_encoder 32/],
  ["SDXL's for one encoder", "tiny-sd15", safetensors({ clip_l: rows(1, 32), clip_g: rows(1, 40) }), /SDXL/],
  [
    "one encoder's for SDXL",
    "tiny-sdxl",
    safetensors({ emb_params: rows(2, 24) }),
    /"emb_params".*"clip_l" and "clip_g"/,
  ],
  ["unequal counts", "tiny-sdxl", safetensors({ clip_l: rows(1, 24), clip_g: rows(2, 40) }), /1 and 2 vectors/],
  ["several tensors", "tiny-sd15", safetensors({ a: rows(1, 32), b: rows(1, 32) }), /"a", "b"/],
  ["no tensor", "tiny-sd15", safetensors({}), /holds nothing/],
  ["no vector", "tiny-sd15", safetensors({ a: rows(0, 32) }), /0 vectors/],
  ["more vectors than a chunk has places", "tiny-sd15", safetensors({ a: rows(76, 32) }), /76 vectors.*1 to 75/],
  [
    "three dimensions",
    "tiny-sd15",
    safetensors({ a: { shape: [1, 1, 32], data: new Array(32).fill(0) } }),
    /\[1,1,32\]/,
  ],
  ["not a number", "tiny-sd15", safetensors({ a: { shape: [32], data: new Array(32).fill(NaN) } }), /not finite/],
  ["integers of a kind", "tiny-sd15", safetensors({ a: { shape: [32], data: new Uint8Array(32), dtype: "U8" } }), /U8/],
  ["junk", "tiny-sd15", new TextEncoder().encode("junk and more junk"), /not a safetensors file/],
  ["nothing", "tiny-sd15", new Uint8Array(), /not a safetensors file/],
  ["a cut file", "tiny-sd15", safetensors({ a: rows(2, 32) }).slice(0, -1), /outside of the file/],
  ["too much", "tiny-sd15", new Uint8Array(5_000_000), /5000000 bytes/],
];

for (const [what, model, file, reason] of REFUSED) {
  Deno.test(`refused: ${what}`, () =>
    withFiles(model, { "bad.safetensors": file }, (embeddings, config) => {
      const [entry] = embeddings.list(config);
      assert(entry !== undefined && "refused" in entry);
      assert.match(entry.refused, reason);
      assert.throws(() => embeddings.get(config, "bad"), (error) => {
        assert(error instanceof EmbeddingFileError);
        assert.match(error.message, /^Cannot use the embedding "bad": /);
        return true;
      });
    }));
}

Deno.test("a name that prompts cannot write is refused, and one that is not there has the nearest beside it", async () => {
  const file = safetensors({ a: rows(1, 32) });
  const files = { "calm sea.safetensors": file, "storm.safetensors": file };
  await withFiles("tiny-sd15", files, (embeddings, config) => {
    const [first] = embeddings.list(config);
    assert(first !== undefined && "refused" in first && first.refused.includes("cannot name it"));
    assert.throws(() => embeddings.get(config, "strom"), (error) => {
      assert(error instanceof UnknownEmbeddingError && error.code === "UNKNOWN_EMBEDDING");
      assert.equal(error.message, '"tiny-sd15" has no embedding "strom": "storm" is the nearest');
      return true;
    });
    assert.throws(() => embeddings.get(config, "../embeddings/storm"), UnknownEmbeddingError);
  });
  const none = readModelConfig(join(MODELS, "tiny-turbo"), "tiny-turbo");
  assert.deepEqual(new EmbeddingFiles().list(none), []);
  assert.throws(() => new EmbeddingFiles().get(none, "calm"), /has no embedding "calm": it has none/);
});

Deno.test("a file that is replaced is read again", () =>
  withFiles("tiny-sd15", { "a.safetensors": safetensors({ a: rows(1, 32) }) }, async (embeddings, config) => {
    const before = embeddings.get(config, "a");
    assert.strictEqual(embeddings.get(config, "a"), before);
    await Deno.writeFile(join(config.folder, "embeddings", "a.safetensors"), safetensors({ a: rows(2, 32) }));
    const after = embeddings.get(config, "a");
    assert.equal(after.vectors, 2);
    assert.notEqual(after.state, before.state);
  }));

Deno.test("any bytes are a file or none, and nothing but a SyntaxError says so", () => {
  const good = safetensors({ a: rows(1, 4), b: rows(2, 2) });
  const damaged = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 }).map(
    (edits) => {
      const bytes = good.slice();
      for (const [at, value] of edits) bytes[at] = value;
      return bytes;
    },
  );
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 64 })), (bytes) => {
      try {
        const { entries, tensor } = parseSafetensors(bytes);
        for (const name of entries.keys()) tensor(name);
      } catch (error) {
        assert(error instanceof SyntaxError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
