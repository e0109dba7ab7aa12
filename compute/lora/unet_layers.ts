/** The layers of a UNet of the Stable Diffusion family that have weights, worked out from its config alone. */

import { z } from "zod";
import type { UnetConfig } from "../model/config.ts";

/** A layer with weights, as diffusers' `UNet2DConditionModel` and transformers' `CLIPTextModel` call it. */
export interface ModelLayer {
  /** Dotted path, for instance `down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k`. */
  readonly path: string;
  /** Its path in the first releases of Stable Diffusion (`ldm`), by which trainers of SDXL call it; null for none. */
  readonly original: string | null;
  /** [out, in] of a linear layer, [out, in, height, width] of a convolution. */
  readonly shape: readonly number[];
}

const count = z.int().positive();
const perBlock = z.union([count, z.array(z.union([count, z.array(count)]))]);

/** What of `unet/config.json` decides on its layers; defaults are those of diffusers 0.39's constructor. */
const structure = z.looseObject({
  down_block_types: z.array(z.string()).default([
    "CrossAttnDownBlock2D",
    "CrossAttnDownBlock2D",
    "CrossAttnDownBlock2D",
    "DownBlock2D",
  ]),
  up_block_types: z.array(z.string()).default([
    "UpBlock2D",
    "CrossAttnUpBlock2D",
    "CrossAttnUpBlock2D",
    "CrossAttnUpBlock2D",
  ]),
  mid_block_type: z.string().nullish(),
  layers_per_block: z.union([count, z.array(count)]).default(2),
  transformer_layers_per_block: perBlock.default(1),
  reverse_transformer_layers_per_block: perBlock.nullish(),
  projection_class_embeddings_input_dim: count.nullish(),
});

/** Names of a residual block's layers, and the original ones. */
const RESNET = {
  conv1: "in_layers.2",
  time_emb_proj: "emb_layers.1",
  conv2: "out_layers.3",
  conv_shortcut: "skip_connection",
} as const;

/**
 * Every linear and convolutional layer.
 * @throws {z.ZodError} if the config describes no such UNet.
 */
export function unetLayers(config: UnetConfig): readonly ModelLayer[] {
  const {
    down_block_types: down,
    up_block_types: up,
    mid_block_type: mid,
    layers_per_block,
    transformer_layers_per_block,
    reverse_transformer_layers_per_block: reversed,
    projection_class_embeddings_input_dim: addedWidth,
  } = structure.parse(config);
  const channels = config.block_out_channels;
  const [first = 0] = channels;
  const last = channels.length - 1;
  const time = 4 * first;
  const layers: ModelLayer[] = [];
  const add = (path: string, original: string | null, ...shape: number[]) => layers.push({ path, original, shape });
  const conv = (path: string, original: string | null, out: number, from: number, size = 3) =>
    add(path, original, out, from, size, size);

  const resnet = (path: string, original: string, out: number, from: number) => {
    conv(`${path}.conv1`, `${original}.${RESNET.conv1}`, out, from);
    add(`${path}.time_emb_proj`, `${original}.${RESNET.time_emb_proj}`, out, time);
    conv(`${path}.conv2`, `${original}.${RESNET.conv2}`, out, out);
    if (out !== from) conv(`${path}.conv_shortcut`, `${original}.${RESNET.conv_shortcut}`, out, from, 1);
  };
  const attention = (path: string, original: string, level: number, blocks: number) => {
    const width = channels[level] ?? 0;
    const both = (name: string, ...shape: number[]) => add(`${path}.${name}`, `${original}.${name}`, ...shape);
    const projection = config.use_linear_projection === true ? [width, width] : [width, width, 1, 1];
    const context = valueAt(config.cross_attention_dim, level);
    both("proj_in", ...projection);
    for (let k = 0; k < blocks; k++) {
      const block = `transformer_blocks.${k}`;
      for (const [name, from] of [["attn1", width], ["attn2", context]] as const) {
        both(`${block}.${name}.to_q`, width, width);
        both(`${block}.${name}.to_k`, width, from);
        both(`${block}.${name}.to_v`, width, from);
        both(`${block}.${name}.to_out.0`, width, width);
      }
      both(`${block}.ff.net.0.proj`, 8 * width, width);
      both(`${block}.ff.net.2`, width, 4 * width);
    }
    both("proj_out", ...projection);
  };
  const transformers = (
    level: number,
    layer: number,
    list: z.infer<typeof perBlock> = transformer_layers_per_block,
  ) => {
    const own = Array.isArray(list) ? list[level] ?? 1 : list;
    return Array.isArray(own) ? own[layer] ?? 1 : own;
  };

  conv("conv_in", "input_blocks.0.0", first, config.in_channels);
  add("time_embedding.linear_1", "time_embed.0", time, first);
  if (typeof config.time_cond_proj_dim === "number") {
    add("time_embedding.cond_proj", null, first, config.time_cond_proj_dim);
  }
  add("time_embedding.linear_2", "time_embed.2", time, time);
  if (config.addition_embed_type === "text_time" && typeof addedWidth === "number") {
    add("add_embedding.linear_1", "label_emb.0.0", time, addedWidth);
    add("add_embedding.linear_2", "label_emb.0.2", time, time);
  }

  let input = 0;
  down.forEach((type, i) => {
    const out = channels[i] ?? 0;
    for (let j = 0; j < valueAt(layers_per_block, i); j++) {
      input++;
      resnet(`down_blocks.${i}.resnets.${j}`, `input_blocks.${input}.0`, out, j === 0 ? channels[i - 1] ?? first : out);
      if (type.startsWith("CrossAttn")) {
        attention(`down_blocks.${i}.attentions.${j}`, `input_blocks.${input}.1`, i, transformers(i, j));
      }
    }
    if (i < last) conv(`down_blocks.${i}.downsamplers.0.conv`, `input_blocks.${++input}.0.op`, out, out);
  });

  const deepest = channels[last] ?? 0;
  if (mid !== null) {
    const attends = (mid ?? "UNetMidBlock2DCrossAttn") === "UNetMidBlock2DCrossAttn";
    resnet("mid_block.resnets.0", "middle_block.0", deepest, deepest);
    if (attends) attention("mid_block.attentions.0", "middle_block.1", last, transformers(last, 0));
    resnet("mid_block.resnets.1", "middle_block.2", deepest, deepest);
  }

  let output = 0;
  up.forEach((type, i) => {
    const level = last - i;
    const out = channels[level] ?? 0;
    const before = channels[Math.min(level + 1, last)] ?? 0; // what the block above hands on
    const skip = channels[Math.max(level - 1, 0)] ?? 0;
    const resnets = valueAt(layers_per_block, level) + 1;
    const attends = type.startsWith("CrossAttn");
    for (let j = 0; j < resnets; j++, output++) {
      const from = (j === 0 ? before : out) + (j === resnets - 1 ? skip : out);
      resnet(`up_blocks.${i}.resnets.${j}`, `output_blocks.${output}.0`, out, from);
      if (!attends) continue;
      const blocks = reversed ? transformers(i, j, reversed) : transformers(level, j);
      attention(`up_blocks.${i}.attentions.${j}`, `output_blocks.${output}.1`, level, blocks);
    }
    const place = `output_blocks.${output - 1}.${attends ? 2 : 1}.conv`;
    if (i < up.length - 1) conv(`up_blocks.${i}.upsamplers.0.conv`, place, out, out);
  });
  conv("conv_out", "out.2", config.out_channels, first);
  return layers;
}

function valueAt(list: number | readonly number[], i: number): number {
  return typeof list === "number" ? list : list[i] ?? 0;
}
