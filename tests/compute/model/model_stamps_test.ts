/** Each file of a model changes the stamps of what is read from it, and no others. */

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { lookAtModel, type ModelStamps } from "../../../compute/model/model_stamps.ts";

type Group = keyof ModelStamps;

/** Files by what is read from them. */
const FILES: readonly (readonly [path: string, groups: readonly Group[]])[] = [
  ["model_index.json", ["graphs", "folder"]],
  ["scheduler/scheduler_config.json", ["graphs", "folder"]],
  ["unet/config.json", ["graphs", "folder"]],
  ["unet/model.onnx", ["graphs", "folder"]],
  ["unet/model.onnx_data", ["graphs", "folder"]],
  ["unet/weights/part-1.bin", ["graphs", "folder"]],
  ["text_encoder/model.onnx", ["graphs", "folder"]],
  ["text_encoder_2/config.json", ["graphs", "folder"]],
  ["vae_decoder/model.onnx", ["graphs", "folder"]],
  ["vae_encoder/model.onnx", ["graphs", "folder"]],
  ["taesd_decoder/model.onnx", ["graphs", "folder"]],
  ["tokenizer/tokenizer.json", ["tokenizers"]],
  ["tokenizer_2/vocab.json", ["tokenizers"]],
  ["tokenizer_2/merges.txt", ["tokenizers"]],
  ["tokenizer/special_tokens_map.json", ["tokenizers"]],
  ["embeddings/calm.safetensors", ["embeddings"]],
  ["preview_map.json", ["previewMap"]],
  ["parterre.json", ["folder"]],
  ["README.md", []],
  ["embeddings/README.md", []],
];

function changed(before: ModelStamps, after: ModelStamps): readonly string[] {
  return (Object.keys(before) as Group[]).filter((group) => before[group] !== after[group]).sort();
}

/** Which stamps a change of a model's files changes. */
function changedBy(change: (folder: string) => void): readonly string[] {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    for (const [path] of FILES) write(join(folder, path), "as it was", 1000);
    const before = lookAtModel(folder).stamps;
    assert.deepEqual(changed(before, lookAtModel(folder).stamps), [], "looking changes nothing");
    change(folder);
    return changed(before, lookAtModel(folder).stamps);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function write(file: string, text: string, time: number): void {
  Deno.mkdirSync(dirname(file), { recursive: true });
  Deno.writeTextFileSync(file, text);
  Deno.utimeSync(file, time, time);
}

for (const [path, groups] of FILES) {
  Deno.test(`${path}: ${groups.join(", ") || "nothing"}`, () => {
    const expected = [...groups].sort();
    assert.deepEqual(changedBy((folder) => write(join(folder, path), "as it was", 2000)), expected, "its time");
    assert.deepEqual(
      changedBy((folder) => write(join(folder, path), "longer than it was", 1000)),
      expected,
      "its size",
    );
    assert.deepEqual(changedBy((folder) => Deno.removeSync(join(folder, path))), expected, "gone");
  });
}

Deno.test("a link that leads to another file of the same size and time is another state, at any depth", () => {
  for (const linked of ["m/unet/model.onnx", "m/unet", "m"]) {
    const root = Deno.makeTempDirSync({ prefix: "parterre-test-" });
    try {
      for (const target of ["a", "b"]) write(join(root, target, "m/unet/model.onnx"), "weights", 1000);
      Deno.mkdirSync(join(root, "models", dirname(linked)), { recursive: true });
      const link = join(root, "models", linked);
      Deno.symlinkSync(join(root, "a", linked), link);
      const folder = join(root, "models/m");
      const before = lookAtModel(folder).stamps;
      Deno.removeSync(link);
      Deno.symlinkSync(join(root, "b", linked), link);
      const by = changed(before, lookAtModel(folder).stamps);
      assert.ok(by.includes("graphs") && by.includes("folder"), `${linked}: ${by}`);
      Deno.removeSync(link);
      Deno.symlinkSync("nowhere", link);
      assert.ok(changed(before, lookAtModel(folder).stamps).includes("graphs"), `${linked} leads nowhere`);
    } finally {
      Deno.removeSync(root, { recursive: true });
    }
  }
});

Deno.test("a folder is a model while it has its index, and its bytes are those of its graphs and their data", () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    write(join(folder, "unet/model.onnx"), "12345", 1);
    write(join(folder, "unet/model.onnx_data"), "1234567", 1);
    write(join(folder, "unet/config.json"), "{}", 1);
    assert.deepEqual([lookAtModel(folder).isModel, lookAtModel(folder).graphBytes], [false, 12]);
    write(join(folder, "model_index.json"), "{}", 1);
    assert.equal(lookAtModel(folder).isModel, true);
    assert.equal(lookAtModel(join(folder, "none")).isModel, false);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
