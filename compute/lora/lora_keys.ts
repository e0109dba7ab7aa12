/**
 * The names of tensors in LoRA files, in the styles of those who write them:
 *
 * | Style | Written |
 * |---|---|
 * | kohya-ss/sd-scripts, LyCORIS | `lora_unet_down_blocks_0_..._to_k.lora_down.weight`, `lora_te1_...`; SDXL: `lora_unet_input_blocks_4_1_...` |
 * | diffusers | `unet.down_blocks.0....to_k.lora_A.weight`, `.lora.down.weight`, `.processor.to_k_lora.down.weight` |
 * | its text encoders | `text_encoder.text_model....q_proj.lora_linear_layer.down.weight` |
 * | PEFT | `base_model.model.down_blocks.0....to_k.lora_A.weight`, `.lora_A.default.weight` |
 *
 * Facts from those projects' sources: `networks/lora.py`, `lycoris/modules`, `loaders/lora_conversion_utils.py`,
 * `peft/utils/save_and_load.py`.
 */

import type { LoraPart } from "./model_layers.ts";

/** What a tensor of a LoRA is. */
export type LoraRole = "DOWN" | "UP" | "MID" | "ALPHA";

/** A key, understood as far as its name goes. */
export type LoraKey =
  | {
    readonly kind: "TENSOR";
    readonly part: LoraPart;
    /** What its writer calls the layer. */
    readonly layer: string;
    readonly role: LoraRole;
  }
  /** Of an algorithm other than LoRA and LoCon, by its name. */
  | { readonly kind: "ALGORITHM"; readonly name: string }
  /** Of a model of another architecture, by its name. */
  | { readonly kind: "ARCHITECTURE"; readonly name: string }
  | { readonly kind: "UNKNOWN" };

const ALGORITHMS: readonly (readonly [RegExp, string])[] = [
  [/\.dora_scale$|lora_magnitude_vector/, "DoRA"],
  [/\.hada_[wt]\d/, "LoHa"],
  [/\.lokr_[wt]\d/, "LoKr"],
  [/\.oft_(?:blocks|diag)|\.oft_R/, "OFT"],
  [/\.(?:diff|diff_b|w_norm|b_norm)$/, "full differences"],
  [/\.on_input$/, "IA3"],
  [/\.[ab][12]\.weight$/, "GLoRA"],
  [/\.lora_embedding_[AB]/, "LoRA of embeddings"],
  [/\.lora_[AB](?:\.\w+)?\.bias$|\.lora_(?:up|down)\.bias$/, "LoRA with biases"],
];

const ARCHITECTURES: readonly (readonly [RegExp, string])[] = [
  [/double_blocks|single_blocks|single_transformer_blocks/, "FLUX"],
  [/joint_blocks|^transformer\.transformer_blocks\.|^lora_transformer_transformer_blocks/, "Stable Diffusion 3"],
  [/lora_prior_|^prior\./, "Stable Cascade"],
  [/blocks[._]\d+[._](?:cross|self)_attn/, "Wan"],
  [/lora_te3_|^text_encoder_3\./, "Stable Diffusion 3"],
];

/** Endings by what they say, the longest first. */
const ROLES: readonly (readonly [RegExp, LoraRole])[] = [
  [
    /(?:\.lora_down\.weight|\.lora_A(?:\.[\w-]+)?\.weight|\.lora(?:_linear_layer)?\.down\.weight|_lora\.down\.weight)$/,
    "DOWN",
  ],
  [/(?:\.lora_up\.weight|\.lora_B(?:\.[\w-]+)?\.weight|\.lora(?:_linear_layer)?\.up\.weight|_lora\.up\.weight)$/, "UP"],
  [/\.lora_mid\.weight$/, "MID"],
  [/\.alpha$/, "ALPHA"],
];

/** Beginnings by the part that they stand for; without any, a UNet or a text encoder by what follows. */
const PARTS: readonly (readonly [RegExp, LoraPart])[] = [
  [/^lora_unet_/, "unet"],
  [/^(?:lora_te2_|text_encoder_2\.)/, "text_encoder_2"],
  [/^(?:lora_te1?_|text_encoder\.)/, "text_encoder"],
  [/^(?:unet\.|model\.diffusion_model\.|diffusion_model\.)/, "unet"],
];

/** Reads a key. */
export function readLoraKey(key: string): LoraKey {
  const architecture = ARCHITECTURES.find(([pattern]) => pattern.test(key));
  if (architecture !== undefined) return { kind: "ARCHITECTURE", name: architecture[1] };
  const algorithm = ALGORITHMS.find(([pattern]) => pattern.test(key));
  if (algorithm !== undefined) return { kind: "ALGORITHM", name: algorithm[1] };
  const role = ROLES.find(([pattern]) => pattern.test(key));
  if (role === undefined) return { kind: "UNKNOWN" };
  const name = key.replace(/^base_model\.model\./, "");
  const part = PARTS.find(([pattern]) => pattern.test(name));
  const path = name.replace(part?.[0] ?? "", "").replace(role[0], "").replace(/^base_model\.model\./, "");
  return {
    kind: "TENSOR",
    part: part?.[1] ?? (path.startsWith("text_model") ? "text_encoder" : "unet"),
    layer: path.replace(/\.processor\.to_out$/, ".to_out.0").replace(".processor.", ".")
      .replace(/\.self_attn\.to_(q|k|v|out)$/, ".self_attn.$1_proj"), // diffusers before 0.18
    role: role[1],
  };
}
