/** The config files of a model folder in the diffusers layout, parsed and checked. */

import { join } from "node:path";
import { z } from "zod";

/** A model folder that cannot be used, with the file and the reason. */
export class ModelFolderError extends Error {
  override readonly name = "ModelFolderError";
  readonly code = "MODEL_FOLDER";

  constructor(readonly file: string, reason: string) {
    super(`Cannot use "${file}": ${reason}`);
  }
}

const positive = z.int().positive();
const perLevel = z.union([positive, z.array(positive).nonempty()]);

const unetSchema = z.looseObject({
  in_channels: positive,
  out_channels: positive,
  sample_size: z.union([positive, z.array(positive).nonempty()]).nullish(),
  block_out_channels: z.array(positive).nonempty(),
  cross_attention_dim: perLevel,
  // diffusers' historical misnomer: where `num_attention_heads` is absent, this is the number of heads.
  attention_head_dim: perLevel.nullish(),
  num_attention_heads: perLevel.nullish(),
  addition_embed_type: z.string().nullish(),
  time_cond_proj_dim: positive.nullish(),
});

const vaeSchema = z.looseObject({
  _class_name: z.string().nullish(),
  latent_channels: positive,
  block_out_channels: z.array(positive).nonempty(),
  scaling_factor: z.number().positive(),
  shift_factor: z.number().nullish(),
});

const textEncoderSchema = z.looseObject({
  hidden_size: positive,
  num_hidden_layers: positive,
  max_position_embeddings: positive,
});

const modelIndexSchema = z.looseObject({ _class_name: z.string() });

/** `unet/config.json`: what Parterre reads of it. */
export type UnetConfig = z.infer<typeof unetSchema>;
/** `vae_decoder/config.json`. */
export type VaeConfig = z.infer<typeof vaeSchema>;
/** `text_encoder/config.json`. */
export type TextEncoderConfig = z.infer<typeof textEncoderSchema>;

/** Everything that a model folder says about itself without its graphs. */
export interface ModelConfig {
  /** The folder's name. */
  readonly name: string;
  readonly folder: string;
  readonly unet: UnetConfig;
  readonly vae: VaeConfig;
  readonly textEncoder: TextEncoderConfig;
  /** `scheduler/scheduler_config.json` as it stands; samplers interpret it. */
  readonly scheduler: Readonly<Record<string, unknown>>;
  /** Pixels per latent cell, along each edge. */
  readonly vaeFactor: number;
  /** Picture edge in pixels that the model was trained for. */
  readonly nativeSize: number;
  /** Resolution levels of the UNet. */
  readonly levels: number;
}

/**
 * Reads the config files of a model folder.
 * @throws {ModelFolderError} if a file is missing, is not JSON or lacks a field.
 */
export function readModelConfig(folder: string, name: string): ModelConfig {
  readConfig(join(folder, "model_index.json"), modelIndexSchema);
  const unet = readConfig(join(folder, "unet", "config.json"), unetSchema);
  const vae = readConfig(join(folder, "vae_decoder", "config.json"), vaeSchema);
  const textEncoder = readConfig(join(folder, "text_encoder", "config.json"), textEncoderSchema);
  const scheduler = readConfig(join(folder, "scheduler", "scheduler_config.json"), z.record(z.string(), z.unknown()));
  const vaeFactor = 2 ** (vae.block_out_channels.length - 1);
  const sample = Array.isArray(unet.sample_size) ? Math.max(...unet.sample_size) : unet.sample_size;
  return {
    name,
    folder,
    unet,
    vae,
    textEncoder,
    scheduler,
    vaeFactor,
    nativeSize: (sample ?? 64) * vaeFactor,
    levels: unet.block_out_channels.length,
  };
}

/** Number of attention heads on a level, as diffusers reads `unet/config.json`. */
export function headsAtLevel(unet: UnetConfig, level: number): number | undefined {
  const heads = unet.num_attention_heads ?? unet.attention_head_dim ?? undefined;
  return Array.isArray(heads) ? heads[level] : heads;
}

function readConfig<T>(file: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(Deno.readTextFileSync(file));
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound;
    throw new ModelFolderError(file, missing ? "the file is missing" : "the file is not JSON");
  }
  const result = schema.safeParse(json);
  if (!result.success) throw new ModelFolderError(file, z.prettifyError(result.error).replaceAll("\n", " "));
  return result.data;
}
