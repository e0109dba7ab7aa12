/** ComfyUI's prompt text in the syntax of layouts. */

/** Only brackets can be escaped there, so any other backslash is a character; and `[` has no meaning. */
const LITERAL = /\\(?![()])|[[\]]/g;

/** A word like any other there. */
const BREAK = /(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])/gu;

/**
 * The same prompt for WEIGHTED: `(word:1.2)` means the same in both; what has a meaning only here is escaped. BREAK becomes
 * `break`, which text encoders of the CLIP family cannot tell from it.
 */
export function comfyText(text: string): string {
  return text.replace(LITERAL, "\\$&").replace(BREAK, "break");
}
