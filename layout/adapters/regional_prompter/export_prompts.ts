/** Prompts of a layout as Regional Prompter's text has them. */

import type { FieldPath } from "../../../errors.ts";
import type { Layout, PromptSyntax } from "../../layout.ts";
import type { Findings } from "../adapted.ts";

/** Words that divide prompts there; BREAK means a chunk in a layout. */
const KEYWORD = /(?<![\p{L}\p{N}_])(?:BREAK|AND|ADDCOMM|ADDBASE|ADDCOL|ADDROW|ADDP)(?![\p{L}\p{N}_])/gu;

/** Writes prompts, and notes what of them cannot be said. */
export class PromptWriter {
  constructor(private readonly syntax: PromptSyntax, private readonly findings: Findings) {}

  /**
   * The prompt with its keywords in lower case, a BREAK as a comma, and the brackets of a prompt without syntax escaped.
   * @param path Where it stands in the layout.
   */
  write(prompt: string, path: FieldPath): string {
    const found = new Set<string>();
    const text = prompt.replaceAll(KEYWORD, (word) => {
      found.add(word);
      return word === "BREAK" && this.syntax === "WEIGHTED" ? "," : word.toLowerCase();
    });
    for (const word of found) {
      const kept = word === "BREAK" && this.syntax === "WEIGHTED" ? '","' : word.toLowerCase();
      this.findings.warn(
        "KEYWORD_CHANGED",
        path,
        `${word} would divide the prompt there, so it was written as ${kept}`,
      );
    }
    return (this.syntax === "PLAIN" ? text.replaceAll(/[\\()[\]]/g, (bracket) => `\\${bracket}`) : text).trim();
  }
}

/** Parts joined by commas, without those that are empty. */
export function joinPrompts(...parts: readonly string[]): string {
  return parts.filter((part) => part.trim() !== "").join(", ");
}

/** A prompt with the layout's common one behind it, where that does not stand before it: there is no such place there. */
export function withSuffix(prompt: string, { commonPlacement }: Layout, common: string): string {
  return commonPlacement === "SUFFIX" ? joinPrompts(prompt, common) : prompt;
}
