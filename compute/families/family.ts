/** What sets one family of models apart from another: all that the rest of `compute/` asks a model about its kind. */

import type { z } from "zod";
import type { Tensor } from "../tensor.ts";
import type { LatentFormat, VaeFacts } from "./latent_format.ts";

/** A family of text-to-image models: one file here, and one entry in `registry.ts`. */
export interface Family<Name extends string = string> {
  /** Its name in the API. */
  readonly name: Name;
  /** What the API says of it. */
  readonly description: string;
  /** Its name in full. */
  readonly title: string;
  /** By what LoRA files for it are known. */
  readonly loras: LoraMarks;
  /** Whether a model folder is of this family. */
  readonly recognizes: (files: FamilyMarks) => boolean;
  /** Its text encoders, in the order in which {@link join} takes their shares. */
  readonly textEncoders: readonly TextEncoderRole[];
  /** Width D of the contexts that {@link join} makes with encoders of these sizes. */
  readonly contextWidth: (encoders: readonly TextEncoderConfig[]) => number;
  /** Makes what the denoiser reads of a prompt from what each text encoder gave. */
  readonly join: (shares: readonly EncoderShare[]) => JoinedShares;
  /** What its denoisers take beside latents, timestep and contexts; null if nothing. */
  readonly addedInputs: FamilyInputs | null;
  /** How samplers' latents and the autoencoder's differ, or why an autoencoder cannot be used. */
  readonly latentFormat: (vae: VaeFacts) => LatentFormat | { readonly refused: string };
  /** The latent cells along an edge of its pictures, where a model's files do not say. */
  readonly sampleSize: number;
  /** What suits its models, where they are not distilled and a request names neither. */
  readonly defaults: { readonly steps: number; readonly guidanceScale: number };
}

/** What distinguishes families. */
export interface FamilyMarks {
  /** The text encoders that a folder has, by the names of their folders. */
  readonly textEncoders: readonly string[];
  readonly unet: { readonly use_linear_projection?: boolean | null | undefined };
}

/** What distinguishes LoRA files of a family. */
export interface LoraMarks {
  /** Width of the contexts that its published models read. */
  readonly contextWidth: number;
  /** Whether only its files change such a layer, as trainers call it. */
  readonly owns: (layer: { readonly part: string; readonly layer: string }) => boolean;
}

/** `config.json` of a text encoder, as far as it counts here. */
export interface TextEncoderConfig {
  /** Width D_i of its hidden states. */
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  /** Ids in a row of its tokenizer. */
  readonly max_position_embeddings: number;
  /** Width of its feed-forward layers; four times that of its states if absent. */
  readonly intermediate_size?: number | undefined;
  /** Width P of its projected embedding, where it has one. */
  readonly projection_dim?: number | undefined;
}

/** One of a family's text encoders. */
export interface TextEncoderRole {
  /** Name of its folder. */
  readonly part: string;
  /** Name of its tokenizer's folder. */
  readonly tokenizer: string;
  /** Reads its `config.json`. */
  readonly config: z.ZodType<TextEncoderConfig>;
  /** Which outputs of its graph are its share. */
  readonly outputs: (config: TextEncoderConfig) => TextEncoderOutputs;
  /** What files of embeddings call the tensor of its vectors; null where they hold that tensor alone, of any name. */
  readonly embeddingKey: string | null;
}

/** Names of the graph outputs that make up an encoding. */
export interface TextEncoderOutputs {
  /** [1, T, D_i], one row's hidden state. */
  readonly state: string;
  /** [1, P_i], one row's projected embedding; null where it is not wanted. */
  readonly pooled: string | null;
  /** The layer, from 1, that leaves `state`; a `clipSkip` of n reads the one n - 1 layers before it. */
  readonly layer: number;
  /** The norm behind the last layer: the output that holds what it makes, and whether states are read behind it. */
  readonly normed: { readonly output: string; readonly wanted: boolean };
}

/** What one text encoder made of a prompt. */
export interface EncoderShare {
  /** [T_i, D_i] */
  readonly state: Tensor;
  /** [P_i]; null where {@link TextEncoderOutputs} names none. */
  readonly pooled: Tensor | null;
}

/** What all text encoders made of it together. */
export interface JoinedShares {
  /** [T, D] */
  readonly context: Tensor;
  /** [P]; null where the family has none. */
  readonly pooled: Tensor | null;
}

/** Further inputs of a denoiser. */
export interface FamilyInputs {
  readonly names: readonly string[];
  /** The tensors to feed, by input name. */
  readonly make: (values: FamilyValues) => ReadonlyMap<string, Tensor>;
}

/** What further inputs are made from. */
export interface FamilyValues {
  /** [P] */
  readonly pooled: Tensor;
  /** Pixels. */
  readonly height: number;
  readonly width: number;
}
