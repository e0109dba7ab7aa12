/** CLIP's tokenizer as a `tokenizer.json`, for exports that ship only `vocab.json` and `merges.txt`. */

/** Texts of the special tokens. */
export interface ClipSpecialTokens {
  readonly bos: string;
  readonly eos: string;
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
  const added = [special.bos, special.eos].map((content) => ({
    id: id(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: true,
    special: true,
  }));
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
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
