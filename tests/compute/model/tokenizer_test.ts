/** Prompts become rows: none is empty, nothing is cut, and folders of every age mean the same tokens. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ModelFolderError } from "../../../compute/model/config.ts";
import { PromptTokenizer } from "../../../compute/model/tokenizer.ts";

const MODELS = fileURLToPath(new URL("../../fixtures/models", import.meta.url));
const [BOS, EOS] = [798, 799];

const tokenizer = (model: string, folder = "tokenizer") => PromptTokenizer.load(join(MODELS, model, folder), 77);

/** Single letters with spaces between: one token each. */
const letters = (count: number) => new Array(count).fill("q").join(" ");

Deno.test("an empty prompt is one row of BOS, EOS and padding", () => {
  for (const text of ["", " ", "\n\t"]) {
    const { rows, tokens } = tokenizer("tiny-sd15").tokenize(text);
    assert.deepEqual(rows, [[BOS, ...new Array(76).fill(EOS)]]);
    assert.equal(tokens, 0);
  }
});

for (const [count, rows] of [[1, 1], [74, 1], [75, 1], [76, 2], [150, 2], [151, 3]] as const) {
  Deno.test(`${count} tokens make ${rows} row${rows === 1 ? "" : "s"} of 77, none cut`, () => {
    const encoded = tokenizer("tiny-sd15").tokenize(letters(count));
    assert.equal(encoded.tokens, count);
    assert.equal(encoded.rows.length, rows);
    for (const row of encoded.rows) {
      assert.equal(row.length, 77);
      assert.equal(row[0], BOS);
      assert(row.includes(EOS));
    }
    const [q] = tokenizer("tiny-sd15").tokenize("q").rows[0]?.slice(1) ?? [];
    assert.equal(encoded.rows.flat().filter((id) => id === q).length, count);
  });
}

Deno.test("padding is each tokenizer's own", () => {
  assert.equal(tokenizer("tiny-sdxl").tokenize("a").rows[0]?.at(-1), EOS);
  assert.equal(tokenizer("tiny-sdxl", "tokenizer_2").tokenize("a").rows[0]?.at(-1), 0);
});

/** A copy of the tokenizer folder of tiny-turbo (whose padding "!" is a token of its own), changed by `edit`. */
async function changed(edit: (folder: string) => Promise<void>, check: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const { name } of Deno.readDirSync(join(MODELS, "tiny-turbo", "tokenizer"))) {
      await Deno.copyFile(join(MODELS, "tiny-turbo", "tokenizer", name), join(folder, name));
      await Deno.chmod(join(folder, name), 0o644);
    }
    await edit(folder);
    check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const TEXT = "A Photo of it's 3 cats!! (1.5), “café” 😀 <|endoftext|> the end!";
const expected = tokenizer("tiny-turbo").tokenize(TEXT);

async function rewriteConfig(folder: string, edit: (config: Record<string, unknown>) => void): Promise<void> {
  const file = join(folder, "tokenizer_config.json");
  const config = JSON.parse(await Deno.readTextFile(file));
  edit(config);
  await Deno.writeTextFile(file, JSON.stringify(config));
}

Deno.test("vocab.json and merges.txt mean what tokenizer.json means", () =>
  changed(
    (folder) => Deno.remove(join(folder, "tokenizer.json")),
    (folder) => assert.deepEqual(PromptTokenizer.load(folder, 77).tokenize(TEXT), expected),
  ));

Deno.test("special tokens may be objects", () =>
  changed(
    (folder) =>
      rewriteConfig(folder, (config) => {
        config["pad_token"] = { content: "!", lstrip: false };
      }),
    (folder) => assert.deepEqual(PromptTokenizer.load(folder, 77).tokenize(TEXT), expected),
  ));

Deno.test("in a folder from before added_tokens_decoder, special_tokens_map.json has the last word", () =>
  changed(
    async (folder) => {
      await Deno.remove(join(folder, "tokenizer.json"));
      await rewriteConfig(folder, (config) => {
        delete config["added_tokens_decoder"];
        config["pad_token"] = "<|endoftext|>";
      });
    },
    (folder) => assert.deepEqual(PromptTokenizer.load(folder, 77).tokenize(TEXT), expected),
  ));

Deno.test("a folder of vocab.json and merges.txt alone has CLIP's special tokens", () =>
  changed(
    async (folder) => {
      for (const name of ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]) {
        await Deno.remove(join(folder, name));
      }
    },
    (folder) =>
      assert.deepEqual(PromptTokenizer.load(folder, 77).tokenize("a b!"), tokenizer("tiny-sd15").tokenize("a b!")),
  ));

for (
  const [what, edit, message] of [
    [
      "a vocabulary without merges",
      async (folder) => {
        await Deno.remove(join(folder, "tokenizer.json"));
        await Deno.remove(join(folder, "merges.txt"));
      },
      /merges\.txt": the file is missing/,
    ],
    [
      "broken JSON",
      (folder) => Deno.writeTextFile(join(folder, "tokenizer.json"), "{"),
      /tokenizer\.json": the file is not JSON/,
    ],
    [
      "a special token outside the vocabulary",
      (folder) =>
        rewriteConfig(folder, (config) => {
          config["pad_token"] = "<|none|>";
        }),
      /lacks the special token "<\|none\|>"/,
    ],
    [
      "a special token that is no text",
      (folder) =>
        rewriteConfig(folder, (config) => {
          config["pad_token"] = 5;
        }),
      /tokenizer_config\.json".*pad_token/,
    ],
  ] as readonly (readonly [string, (folder: string) => Promise<void>, RegExp])[]
) {
  Deno.test(`${what} is refused with the file's name`, () =>
    changed(edit, (folder) => {
      assert.throws(() => PromptTokenizer.load(folder, 77), (error) => {
        assert(error instanceof ModelFolderError);
        assert.match(error.message, message);
        return true;
      });
    }));
}
