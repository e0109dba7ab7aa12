/** CLIP's tokenizer as a `tokenizer.json`, for exports that ship only `vocab.json` and `merges.txt`. */

/** A token that is found in text before anything else is cut, as `tokenizer.json` spells it. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Whether it is looked for in normalized text. */
  readonly normalized: boolean;
  readonly special: boolean;
}

/** What stands beside the vocabulary. */
export interface ClipSpecialTokens {
  readonly bos: string;
  readonly eos: string;
  /** Every token to be found whole, ascending by id; BOS and EOS are among them. */
  readonly added: readonly AddedToken[];
}

/**
 * The pipeline that `CLIPTokenizerFast` builds (transformers, `convert_slow_tokenizer.py`, `CLIPConverter`): NFC,
 * collapsed white space, lower case; words, single digits and runs of symbols; byte-level BPE with `</w>`.
 * @param vocab Ids by token.
 * @param merges `merges.txt`: a version line, then one merge a line.
 */
export function synthesizeTokenizer(
  vocab: Readonly<Record<string, number>>,
  merges: string,
  special: ClipSpecialTokens,
): Record<string, unknown> {
  const id = (token: string) => vocab[token] ?? -1;
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special.added,
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "NFC" },
        { type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
        { type: "Lowercase" },
      ],
    },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        {
          type: "Split",
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: "Removed",
          invert: true,
        },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: "RobertaProcessing",
      sep: [special.eos, id(special.eos)],
      cls: [special.bos, id(special.bos)],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: special.eos,
      continuing_subword_prefix: "",
      end_of_word_suffix: "</w>",
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges: merges.split("\n").filter((line) => line !== "" && !line.startsWith("#version")),
    },
  };
}
