/** The config files of a model folder in the diffusers layout, parsed and checked. */

import { isMissing, readText } from "#host/files.ts";
import { join } from "node:path";
import { z } from "zod";
import { nth } from "../../elements.ts";
import type { Family, FamilyMarks, TextEncoderConfig, TextEncoderRole } from "../families/family.ts";
import type { LatentFormat } from "../families/latent_format.ts";
import { FAMILIES, familyOf, type ModelFamily } from "../families/registry.ts";
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

const modelIndexSchema = z.looseObject({
  _class_name: z.string(),
  requires_aesthetics_score: z.boolean().nullish(),
});

/** `unet/config.json`: what Parterre reads of it. */
export type UnetConfig = z.infer<typeof unetSchema>;

/** One of a model's text encoders. */
export interface TextEncoderPart extends Omit<TextEncoderRole, "config"> {
  /** `config.json` in its folder. */
  readonly config: TextEncoderConfig;
}

/** Everything that a model folder says about itself without its graphs. */
export interface ModelConfig {
  /** The folder's name. */
  readonly name: string;
  readonly folder: string;
  /** What kind of model it is. */
  readonly family: Family<ModelFamily>;
  readonly unet: UnetConfig;
  /** How its samplers' latents and its autoencoder's differ. */
  readonly latents: LatentFormat;
  /** Its autoencoder's, `vae_decoder/config.json`. */
  readonly autoencoder: {
    /** Of its feature maps, the finest resolution's first. */
    readonly channels: readonly number[];
    /** Whether it attends to all cells from each, as all but `AutoencoderTiny` do. */
    readonly attends: boolean;
  };
  /** Its family's, in their order. */
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
  const vae = readConfig(join(folder, "vae_decoder", "config.json"), vaeSchema);
  const scheduler = readConfig(join(folder, "scheduler", "scheduler_config.json"), z.record(z.string(), z.unknown()));
  const family = findFamily(folder, { textEncoders: textEncodersOf(index), unet });
  const latents = family.latentFormat(vae);
  if ("refused" in latents) throw new ModelFolderError(join(folder, "vae_decoder", "config.json"), latents.refused);
  const textEncoders = family.textEncoders.map((role): TextEncoderPart => ({
    ...role,
    config: readConfig(join(folder, role.part, "config.json"), role.config),
  }));

  const contextWidth = nth([unet.cross_attention_dim].flat(), 0); // levels of other widths have not been seen
  checkTogether(folder, { index, family, unet, latents, textEncoders, contextWidth });
  const vaeFactor = 2 ** (vae.block_out_channels.length - 1);
  const sample = Array.isArray(unet.sample_size) ? Math.max(...unet.sample_size) : unet.sample_size;
  return {
    name,
    folder,
    family,
    unet,
    latents,
    autoencoder: { channels: vae.block_out_channels, attends: vae._class_name !== "AutoencoderTiny" },
    textEncoders,
    scheduler,
    vaeFactor,
    nativeSize: (sample ?? family.sampleSize) * vaeFactor,
    levels: unet.block_out_channels.length,
    contextWidth,
  };
}

/** Number of attention heads on a level, as diffusers reads `unet/config.json`. */
export function headsAtLevel(unet: UnetConfig, level: number): number | undefined {
  const heads = unet.num_attention_heads ?? unet.attention_head_dim ?? undefined;
  return Array.isArray(heads) ? heads[level] : heads;
}

/** The folders of the text encoders that a model has. Two nulls stand for a part that was left out. */
function textEncodersOf(index: z.infer<typeof modelIndexSchema>): readonly string[] {
  const { text_encoder = ["transformers"], ...parts } = index; // files that do not name the first one have it all the same
  return Object.entries({ text_encoder, ...parts })
    .filter(([part, names]) => /^text_encoder(_\d+)?$/.test(part) && isPart(names))
    .map(([part]) => part).sort();
}

/** Whether library and class of a part are there. */
function isPart(names: unknown): boolean {
  return Array.isArray(names) && names.some((name) => name !== null);
}

function findFamily(folder: string, marks: FamilyMarks): Family<ModelFamily> {
  const family = familyOf(marks);
  if (family !== undefined) return family;
  const has = marks.textEncoders.join(" and ") || "no text_encoder";
  const known = FAMILIES.map(({ name, textEncoders }) =>
    `${name}'s ${textEncoders.map(({ part }) => part).join(" and ")}`
  );
  throw new ModelFolderError(join(folder, "model_index.json"), `it has ${has}, not ${known.join(", ")}`);
}

/** Refuses parts that do not belong together, and kinds of models that need inputs which Parterre does not make. */
function checkTogether(
  folder: string,
  { index, family, unet, latents, textEncoders, contextWidth }:
    & Pick<ModelConfig, "family" | "unet" | "latents" | "textEncoders" | "contextWidth">
    & { readonly index: z.infer<typeof modelIndexSchema> },
): void {
  const refuse = (part: string, reason: string) => {
    throw new ModelFolderError(join(folder, part), reason);
  };
  if (index.requires_aesthetics_score === true) {
    refuse("model_index.json", "it is a refiner, which paints over the picture of another model");
  }
  const { channels } = latents;
  if (unet.in_channels !== channels && unet.in_channels !== 2 * channels + 1) {
    refuse(
      "unet/config.json",
      `it takes ${unet.in_channels} channels but latents have ${channels}, with which it would take ${channels}, or ` +
        `${2 * channels + 1} as an inpainting model; editing models are not supported`,
    );
  }
  const width = family.contextWidth(textEncoders.map(({ config }) => config));
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
    text = readText(file);
  } catch (error) {
    throw new ModelFolderError(file, isMissing(error) ? "the file is missing" : `it cannot be read: ${error}`);
  }
  try {
    return parsePythonJson(text);
  } catch {
    throw new ModelFolderError(file, "the file is not JSON");
  }
}
