/** LoRA files: their names for layers, what they may not hold, and which model they are for. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readLoraKey } from "../../../compute/lora/lora_keys.ts";
import { describeLora } from "../../../compute/lora/lora_file.ts";
import { LoraLibrary } from "../../../compute/lora/lora_library.ts";
import type { LoraTarget } from "../../../compute/lora/lora_plan.ts";
import { planLora } from "../../../compute/lora/lora_plan.ts";
import { readLowRank } from "../../../compute/lora/low_rank.ts";
import { ModelLayers } from "../../../compute/lora/model_layers.ts";
import { readModelConfig } from "../../../compute/model/config.ts";
import { capabilitiesOf } from "../../../compute/model/capabilities.ts";
import { parseSafetensors } from "../../../compute/model/safetensors.ts";
import { safetensors, type StoredTensor } from "../../write_safetensors.ts";

const MODELS = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

function target(name: string): LoraTarget {
  const config = readModelConfig(join(MODELS, name), name);
  return { config, family: capabilitiesOf(config).family };
}

const zeros = (...shape: number[]): StoredTensor => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

/** A LoRA of rank 2 on one linear layer. */
const pair = (name: string, out: number, width: number) => ({
  [`${name}.lora_up.weight`]: zeros(out, 2),
  [`${name}.lora_down.weight`]: zeros(2, width),
});

const BLOCK = "down_blocks.1.attentions.0.transformer_blocks.0";

/** Keys as their tools write them, and the layer of SDXL's UNet or text encoders that each is for. */
const KEYS: readonly (readonly [key: string, part: string, path: string])[] = [
  [
    "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight",
    "unet",
    `${BLOCK}.attn2.to_k`,
  ],
  ["lora_unet_input_blocks_3_1_transformer_blocks_0_attn1_to_out_0.alpha", "unet", `${BLOCK}.attn1.to_out.0`],
  ["lora_unet_input_blocks_3_0_in_layers_2.lora_up.weight", "unet", "down_blocks.1.resnets.0.conv1"],
  ["lora_unet_middle_block_1_proj_in.lora_up.weight", "unet", "mid_block.attentions.0.proj_in"],
  ["lora_unet_output_blocks_1_2_conv.lora_mid.weight", "unet", "up_blocks.0.upsamplers.0.conv"],
  [`unet.${BLOCK}.ff.net.0.proj.lora_A.weight`, "unet", `${BLOCK}.ff.net.0.proj`],
  [`unet.${BLOCK}.attn1.to_q.lora.up.weight`, "unet", `${BLOCK}.attn1.to_q`],
  [`unet.${BLOCK}.attn1.processor.to_v_lora.down.weight`, "unet", `${BLOCK}.attn1.to_v`],
  [`${BLOCK}.attn1.processor.to_out_lora.down.weight`, "unet", `${BLOCK}.attn1.to_out.0`],
  [`base_model.model.${BLOCK}.attn2.to_v.lora_B.weight`, "unet", `${BLOCK}.attn2.to_v`],
  [`base_model.model.${BLOCK}.attn2.to_v.lora_A.default.weight`, "unet", `${BLOCK}.attn2.to_v`],
  [
    "lora_te1_text_model_encoder_layers_1_mlp_fc2.lora_down.weight",
    "text_encoder",
    "text_model.encoder.layers.1.mlp.fc2",
  ],
  ["lora_te2_text_projection.lora_down.weight", "text_encoder_2", "text_projection"],
  [
    "text_encoder_2.text_model.encoder.layers.2.self_attn.q_proj.lora_linear_layer.down.weight",
    "text_encoder_2",
    "text_model.encoder.layers.2.self_attn.q_proj",
  ],
  [
    "text_encoder.text_model.encoder.layers.0.self_attn.to_out_lora.up.weight",
    "text_encoder",
    "text_model.encoder.layers.0.self_attn.out_proj",
  ],
  [
    "base_model.model.text_model.encoder.layers.0.self_attn.out_proj.lora_A.weight",
    "text_encoder",
    "text_model.encoder.layers.0.self_attn.out_proj",
  ],
];

Deno.test("keys in the styles of kohya, the original SDXL, diffusers and PEFT find their layers", () => {
  const layers = new ModelLayers(target("tiny-sdxl").config);
  for (const [key, part, path] of KEYS) {
    const read = readLoraKey(key);
    assert(read.kind === "TENSOR", key);
    assert.equal(read.part, part, key);
    assert.equal(layers.named(read.part, read.layer)?.path, path, key);
  }
});

/** Files that cannot be used, and what is said of them. */
const REFUSED: readonly (readonly [tensors: Readonly<Record<string, StoredTensor>>, reason: RegExp])[] = [
  [{ "lora_unet_x.dora_scale": zeros(1), ...pair("lora_unet_x", 4, 4) }, /it holds DoRA \("lora_unet_x.dora_scale"\)/],
  [{ "lora_unet_x.hada_w1_a": zeros(1) }, /it holds LoHa/],
  [{ "lora_unet_x.lokr_w1": zeros(1) }, /it holds LoKr/],
  [pair("lora_unet_double_blocks_0_img_attn_proj", 4, 4), /it is for FLUX, a model of another architecture/],
  [pair("transformer.transformer_blocks.0.attn.to_q", 4, 4), /it is for Stable Diffusion 3/],
  [{ "lora_unet_x.lora_up.weight": zeros(4, 2) }, /"x" in unet lacks its down matrix: the file is incomplete/],
  [
    { "lora_unet_x.lora_up.weight": zeros(4, 2), "lora_unet_x.lora_down.weight": zeros(3, 4) },
    /the matrices of "x" have the shapes \[3,4\] and \[4,2\], which do not fit together/,
  ],
  [
    { "lora_unet_x.lora_up.weight": { ...zeros(4), dtype: "F8_E4M3", data: new Uint8Array(4) } },
    /"lora_unet_x.lora_up.weight" is of the type F8_E4M3, which is not read/,
  ],
  [{ "lora_unet_x.lora_up.weight": zeros(4, 0), "lora_unet_x.lora_down.weight": zeros(0, 4) }, /do not fit together/],
  [{ emb_params: zeros(2, 4) }, /none of its tensors belongs to a LoRA/],
];

Deno.test("what is no LoRA is refused by the name of what it is", () => {
  for (const [tensors, reason] of REFUSED) {
    const { entries } = parseSafetensors(safetensors(tensors));
    assert.throws(() => describeLora({ entries, metadata: {} }), { name: "LoraFormatError", message: reason });
  }
});

Deno.test("a LoRA of another family is named with its family and the model's", () => {
  const plan = (tensors: Readonly<Record<string, StoredTensor>>, model: string) => {
    const { entries } = parseSafetensors(safetensors(tensors));
    return planLora(describeLora({ entries, metadata: {} }), target(model));
  };
  const key = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k";
  const rejected = (message: RegExp) => ({ name: "LoraFamilyError", message });
  assert.throws(
    () => plan(pair(key, 640, 2048), "tiny-sd15"),
    rejected(
      /it is for Stable Diffusion XL with contexts 2048 wide, and the model is Stable Diffusion 1 with contexts 32 wide/,
    ),
  );
  assert.throws(
    () => plan(pair(key, 640, 768), "tiny-sdxl"),
    rejected(/for Stable Diffusion 1 .* model is Stable Diffusion XL/),
  );
  assert.throws(
    () => plan(pair(key, 99, 32), "tiny-sd15"),
    rejected(/of the shape \[99,32\] where ".*attn2.to_k" has \[16,32\]/),
  );
  assert.throws(
    () => plan(pair("lora_unet_nowhere", 4, 4), "tiny-sd15"),
    rejected(/none of its layers is in this one/),
  );
  const { layers, unknown } = plan(
    { ...pair(key, 16, 32), ...pair("lora_unet_nowhere", 4, 4), note: zeros(1) },
    "tiny-sd15",
  );
  assert.deepEqual(layers.map(({ path, kind }) => [path, kind]), [[`${BLOCK}.attn2.to_k`, "CONTEXT"]]);
  assert.deepEqual(unknown, ["note", "unet.nowhere"]);
});

Deno.test("a Tucker core is folded into the first matrix, and alpha over the rank into the second", () => {
  // out 1, in 1, kernel 1 x 2: up [1, 2] = [1, 2], core [2, 2, 1, 2], down [2, 1] = [3, 5].
  const tensors = {
    "lora_unet_conv_in.lora_up.weight": { shape: [1, 2, 1, 1], data: [1, 2] },
    "lora_unet_conv_in.lora_mid.weight": { shape: [2, 2, 1, 2], data: [1, 2, 3, 4, 5, 6, 7, 8] },
    "lora_unet_conv_in.lora_down.weight": { shape: [2, 1, 1, 1], data: [3, 5] },
    "lora_unet_conv_in.alpha": { shape: [], data: [1] },
  };
  const file = parseSafetensors(safetensors(tensors));
  const [source] = describeLora({ entries: file.entries, metadata: {} }).layers;
  assert(source !== undefined);
  const read = readLowRank({ part: "unet", path: "conv_in", kind: "OTHER", shape: [1, 1, 1, 2], source }, file);
  assert.deepEqual([...read.up], [0.5, 1]);
  // Core times down: [1*3+3*5, 2*3+4*5], [5*3+7*5, 6*3+8*5].
  assert.deepEqual([...read.down], [18, 26, 50, 58]);
});

Deno.test("files are found by name in both folders, and no name leads out of them", () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    const key = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k";
    const shared = join(folder, "shared");
    Deno.mkdirSync(shared);
    Deno.writeFileSync(join(folder, "secret.safetensors"), safetensors(pair(key, 16, 32)));
    Deno.writeFileSync(join(shared, "Pixel art v1.5.safetensors"), safetensors(pair(key, 16, 32)));
    Deno.writeTextFileSync(join(shared, "broken.safetensors"), "junk");
    Deno.symlinkSync(join(folder, "secret.safetensors"), join(shared, "link.safetensors"));
    const library = new LoraLibrary(shared);
    const model = target("tiny-sd15");
    assert.deepEqual(library.list(null).map(({ name }) => name), ["Pixel art v1.5", "broken", "link"]);
    assert(library.list(model.config.folder).some(({ name }) => name === "kohya locon"), "the model's own come too");
    assert.equal(library.find("Pixel art v1.5", model).plan.layers.length, 1);
    for (const name of ["../secret", join(folder, "secret"), "pixel art", ""]) {
      assert.throws(() => library.find(name, model), { name: "UnknownLoraError" });
    }
    assert.throws(() => library.find("pixel art", model), { message: /the nearest are "Pixel art v1.5", / });
    assert.throws(() => library.find("broken", model), {
      message: /Cannot use the LoRA "broken": not a safetensors file/,
    });
    assert.throws(() => library.find("link", model), { message: /the link must not lead out of the folder of LoRAs/ });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
