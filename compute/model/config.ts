/** The config files of a model folder in the diffusers layout, parsed and checked. */

import { join } from "node:path";
import { z } from "zod";
import { parsePythonJson } from "./python_json.ts";

/** A model folder that cannot be used, with the file and the reason. */
export class ModelFolderError extends Error {
  override readonly name = "ModelFolderError";
  readonly code = "MODEL_FOLDER";

  constructor(readonly file: string, reason: string) {
    super(`Cannot use "${file}": ${reason}`);
  }
}

/** The part that holds a tiny autoencoder's decoder (https://github.com/madebyollin/taesd), where a folder has one. */
export const TINY_DECODER = "taesd_decoder";

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
  use_linear_projection: z.boolean().nullish(),
  addition_embed_type: z.string().nullish(),
  time_cond_proj_dim: positive.nullish(),
});

const vaeSchema = z.looseObject({
  _class_name: z.string().nullish(),
  latent_channels: positive,
  block_out_channels: z.array(positive).nonempty(),
  scaling_factor: z.number().positive().nullish(),
  shift_factor: z.number().nullish(),
  latents_mean: z.unknown().optional(),
  latents_std: z.unknown().optional(),
});

const textEncoderSchema = z.looseObject({
  hidden_size: positive,
  num_hidden_layers: positive,
  max_position_embeddings: positive,
});

/** Library and class of a part; two nulls stand for a part that was left out. */
const partSchema = z.array(z.string().nullable()).nullish();

const modelIndexSchema = z.looseObject({
  _class_name: z.string(),
  text_encoder: partSchema,
  text_encoder_2: partSchema,
  text_encoder_3: partSchema,
  requires_aesthetics_score: z.boolean().nullish(),
});

/** `unet/config.json`: what Parterre reads of it. */
export type UnetConfig = z.infer<typeof unetSchema>;
/** `vae_decoder/config.json`. Its scaling factor is that of its class where the file is older than the key. */
export type VaeConfig = z.infer<typeof vaeSchema> & { readonly scaling_factor: number };
/** `text_encoder/config.json`. */
export type TextEncoderConfig = z.infer<typeof textEncoderSchema>;

/** One of a model's text encoders and where its parts lie. */
export interface TextEncoderPart {
  /** Name of the encoder's folder. */
  readonly part: "text_encoder" | "text_encoder_2";
  /** Name of its tokenizer's folder. */
  readonly tokenizer: "tokenizer" | "tokenizer_2";
  readonly config: TextEncoderConfig;
}

/** Everything that a model folder says about itself without its graphs. */
export interface ModelConfig {
  /** The folder's name. */
  readonly name: string;
  readonly folder: string;
  readonly unet: UnetConfig;
  readonly vae: VaeConfig;
  /** One (Stable Diffusion 1 and 2) or two (SDXL), in the order in which their hidden states are joined. */
  readonly textEncoders: readonly TextEncoderPart[];
  /** `scheduler/scheduler_config.json` as it stands; samplers interpret it. */
  readonly scheduler: Readonly<Record<string, unknown>>;
  /** Pixels per latent cell, along each edge. */
  readonly vaeFactor: number;
  /** Picture edge in pixels that the model was trained for. */
  readonly nativeSize: number;
  /** Resolution levels of the UNet. */
  readonly levels: number;
  /** Width D of a context's tokens. */
  readonly contextWidth: number;
}

/**
 * Reads the config files of a model folder.
 * @throws {ModelFolderError} if a file is missing, is not JSON, lacks a field or describes a kind of model that
 *   Parterre cannot run.
 */
export function readModelConfig(folder: string, name: string): ModelConfig {
  const index = readConfig(join(folder, "model_index.json"), modelIndexSchema);
  const unet = readConfig(join(folder, "unet", "config.json"), unetSchema);
  const vae = readVaeConfig(join(folder, "vae_decoder", "config.json"));
  const scheduler = readConfig(join(folder, "scheduler", "scheduler_config.json"), z.record(z.string(), z.unknown()));
  const textEncoders = readTextEncoders(folder, index);

  const [contextWidth = 0] = [unet.cross_attention_dim].flat();
  checkTogether(folder, { index, unet, vae, textEncoders, contextWidth });
  const vaeFactor = 2 ** (vae.block_out_channels.length - 1);
  const sample = Array.isArray(unet.sample_size) ? Math.max(...unet.sample_size) : unet.sample_size;
  return {
    name,
    folder,
    unet,
    vae,
    textEncoders,
    scheduler,
    vaeFactor,
    nativeSize: (sample ?? 64) * vaeFactor,
    levels: unet.block_out_channels.length,
    contextWidth,
  };
}

/**
 * The `scaling_factor` that diffusers 0.39 assumes where a config of the class has none (the defaults of its constructors in
 * `models/autoencoders`): of the autoencoders of pictures that fit a UNet of Stable Diffusion.
 */
const SCALING_FACTORS: ReadonlyMap<string, number> = new Map([
  ["AutoencoderKL", 0.18215],
  ["AsymmetricAutoencoderKL", 0.18215],
  ["ConsistencyDecoderVAE", 0.18215],
  ["VQModel", 0.18215],
  ["AutoencoderTiny", 1],
]);

function readVaeConfig(file: string): VaeConfig {
  const vae = readConfig(file, vaeSchema);
  // diffusers' pipelines of SDXL scale latents by these, channel by channel, in place of the factor alone.
  if (Array.isArray(vae.latents_mean) || Array.isArray(vae.latents_std)) {
    throw new ModelFolderError(file, "latents_mean and latents_std, latents scaled by channel, are not supported");
  }
  const className = vae._class_name ?? "AutoencoderKL"; // what files without a class are of
  const scale = vae.scaling_factor ?? SCALING_FACTORS.get(className);
  if (scale !== undefined) return { ...vae, scaling_factor: scale };
  const known = [...SCALING_FACTORS.keys()].join(", ");
  throw new ModelFolderError(
    file,
    `it has no scaling_factor, and "${className}" is none of ${known}, whose own is known`,
  );
}

/** Number of attention heads on a level, as diffusers reads `unet/config.json`. */
export function headsAtLevel(unet: UnetConfig, level: number): number | undefined {
  const heads = unet.num_attention_heads ?? unet.attention_head_dim ?? undefined;
  return Array.isArray(heads) ? heads[level] : heads;
}

function readTextEncoders(folder: string, index: z.infer<typeof modelIndexSchema>): readonly TextEncoderPart[] {
  const isPart = (part: z.infer<typeof partSchema>) => part?.some((name) => name !== null) ?? false;
  const refusal = Array.isArray(index.text_encoder) && !isPart(index.text_encoder)
    ? "it has no text_encoder"
    : isPart(index.text_encoder_3)
    ? "it has a third text encoder, which is not supported"
    : undefined;
  if (refusal !== undefined) throw new ModelFolderError(join(folder, "model_index.json"), refusal);
  const read = (part: TextEncoderPart["part"], tokenizer: TextEncoderPart["tokenizer"]) => ({
    part,
    tokenizer,
    config: readConfig(join(folder, part, "config.json"), textEncoderSchema),
  });
  const first = read("text_encoder", "tokenizer");
  return isPart(index.text_encoder_2) ? [first, read("text_encoder_2", "tokenizer_2")] : [first];
}

/** Refuses parts that do not belong together, and kinds of models that need inputs which Parterre does not make. */
function checkTogether(
  folder: string,
  { index, unet, vae, textEncoders, contextWidth }:
    & Pick<ModelConfig, "unet" | "vae" | "textEncoders" | "contextWidth">
    & { readonly index: z.infer<typeof modelIndexSchema> },
): void {
  const refuse = (part: string, reason: string) => {
    throw new ModelFolderError(join(folder, part), reason);
  };
  if (index.requires_aesthetics_score === true) {
    refuse("model_index.json", "it is a refiner, which paints over the picture of another model");
  }
  const latents = vae.latent_channels;
  if (unet.in_channels !== latents && unet.in_channels !== 2 * latents + 1) {
    refuse(
      "unet/config.json",
      `it takes ${unet.in_channels} channels but latents have ${latents}, with which it would take ${latents}, or ` +
        `${2 * latents + 1} as an inpainting model; editing models are not supported`,
    );
  }
  const width = textEncoders.reduce((sum, { config }) => sum + config.hidden_size, 0);
  if (width !== contextWidth) {
    refuse("unet/config.json", `its contexts are ${contextWidth} wide but the text encoders give ${width}`);
  }
}

/**
 * Reads and checks one JSON file.
 * @throws {ModelFolderError} if it is missing, is not JSON or does not fit `schema`.
 */
function readConfig<T>(file: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(readModelJson(file));
  if (!result.success) throw new ModelFolderError(file, z.prettifyError(result.error).replaceAll("\n", " "));
  return result.data;
}

/**
 * Reads one JSON file of a model folder.
 * @throws {ModelFolderError} if it is missing or is not JSON.
 */
export function readModelJson(file: string): unknown {
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound;
    throw new ModelFolderError(file, missing ? "the file is missing" : `it cannot be read: ${error}`);
  }
  try {
    return parsePythonJson(text);
  } catch {
    throw new ModelFolderError(file, "the file is not JSON");
  }
}
