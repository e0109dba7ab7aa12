/** Regional Prompter's negative prompt: one for everything, or one for the base and one for each region. */

import type { Source } from "../adapted.ts";
import { findKeywords, splitAt } from "./text.ts";

export interface Negatives {
  readonly common: string;
  readonly base: string;
  /** Null: all have the base's. */
  readonly regions: readonly string[] | null;
}

/**
 * Without a keyword the negative prompt is everybody's. With keywords, all of which mean BREAK here, the negatives mirror
 * the prompts: common first where it is asked for or closed by ADDCOMM, then the base's if there is a base, then one per
 * region.
 */
export function readNegatives(
  source: Source,
  expected: { readonly common: boolean; readonly base: boolean; readonly regions: number },
): Negatives {
  const nothing: Negatives = { common: "", base: "", regions: null };
  const before = source.findings.problems.length;
  const keywords = findKeywords(source);
  if (source.findings.problems.length > before) return nothing;
  const parts = splitAt(source, keywords, { negative: true });
  const misplaced = keywords.find(({ kind }, i) => kind === "ADDCOMM" && i > 0);
  if (misplaced !== undefined) {
    source.problem("INVALID_VALUE", "must have ADDCOMM once, as the first keyword: it stands", misplaced.offset);
    return nothing;
  }
  const closed = keywords[0]?.kind === "ADDCOMM";
  if (expected.common && keywords.length === 0 && source.text.trim() !== "") {
    const message = "nothing separates a common negative prompt from others, so the whole text is everybody's";
    source.warn("COMMON_NEGATIVE_KEPT", message, 0);
  }
  const hasCommon = closed || (expected.common && keywords.length > 0);
  const common = hasCommon ? parts[0]?.text ?? "" : "";
  const own = hasCommon ? parts.slice(1) : parts;
  const [first] = own;
  if (own.length === 1) return { ...nothing, common, base: first?.text ?? "" };
  const slots = expected.regions + (expected.base ? 1 : 0);
  if (own.length !== slots) {
    const all = `${expected.base ? "one for the base and " : ""}one for each of the ${expected.regions} regions`;
    const rule = `must have one negative prompt for everything, or ${all}: it has ${own.length}, beginning`;
    source.problem("INVALID_VALUE", rule, first?.offset ?? 0, own.length);
    return nothing;
  }
  const texts = own.map(({ text }) => text);
  return { common, base: expected.base ? texts[0] ?? "" : "", regions: expected.base ? texts.slice(1) : texts };
}
