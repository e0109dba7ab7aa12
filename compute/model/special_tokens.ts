/** Which special tokens a tokenizer folder declares, in the ways in which transformers has written them over time. */

import { isFile } from "#host/files.ts";
import { join } from "node:path";
import { z } from "zod";
import type { AddedToken } from "./clip_tokenizer.ts";
import { ModelFolderError, readModelJson } from "./config.ts";

const tokenSchema = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]);

const addedSchema = z.looseObject({
  content: z.string(),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(false),
  special: z.boolean().default(false),
});

const configSchema = z.looseObject({
  bos_token: tokenSchema.nullish(),
  eos_token: tokenSchema.nullish(),
  pad_token: tokenSchema.nullish(),
  added_tokens_decoder: z.record(z.string(), addedSchema).nullish(),
});

/** The special tokens of a CLIP tokenizer, as text. */
export interface SpecialTokens {
  readonly bos: string;
  readonly eos: string;
  readonly pad: string;
  /** Further tokens that text is searched for, by id; empty in folders that do not list them. */
  readonly added: readonly AddedToken[];
}

/** What `CLIPTokenizer` assumes where a folder does not say (transformers, `tokenization_clip.py`). */
const DEFAULTS = { bos_token: "<|startoftext|>", eos_token: "<|endoftext|>", pad_token: "<|endoftext|>" } as const;

/**
 * Reads `tokenizer_config.json`. In folders written before it held an `added_tokens_decoder`,
 * `special_tokens_map.json` has the last word, as in transformers' `PreTrainedTokenizerBase._from_pretrained`.
 * @returns The tokens and the parsed config; both files may be missing.
 * @throws {ModelFolderError} if a file is not JSON or a token is not text.
 */
export function readSpecialTokens(folder: string): { readonly tokens: SpecialTokens; readonly config: object } {
  const config = readOptional(join(folder, "tokenizer_config.json")) ?? {};
  const decoder = config.added_tokens_decoder ?? undefined;
  const map = decoder === undefined ? readOptional(join(folder, "special_tokens_map.json")) : undefined;
  const token = (key: keyof typeof DEFAULTS) => map?.[key] ?? config[key] ?? DEFAULTS[key];
  const tokens = {
    bos: token("bos_token"),
    eos: token("eos_token"),
    pad: token("pad_token"),
    added: Object.entries(decoder ?? {}).map(([id, added]): AddedToken => ({ ...added, id: Number(id) })),
  };
  return { tokens, config };
}

function readOptional(file: string): z.infer<typeof configSchema> | undefined {
  if (!isFile(file)) return undefined;
  const result = configSchema.safeParse(readModelJson(file));
  if (!result.success) throw new ModelFolderError(file, z.prettifyError(result.error).replaceAll("\n", " "));
  return result.data;
}
