/** Regional Prompter's Prompt and Prompt-EX: regions that lie where words of the base prompt are found. */

import type { FieldPath } from "../../../errors.ts";
import { parsePrompt } from "../../prompt/parse.ts";
import type { Source } from "../adapted.ts";
import { type Division, type Place, regionName } from "./division.ts";
import { warnOfCuts } from "./mask.ts";
import { readRatioList } from "./numbers.ts";
import type { PromptParts, Segment } from "./text.ts";

/** That tool's setting where nobody changed it. */
const DEFAULT_THRESHOLD = 0.4;

const SHARE = {
  rule: 'must be numbers from 0.01 to 0.99 separated by ","',
  fault: (value: number) =>
    value < 0.01 ? "number less than 0.01" : value > 0.99 ? "number greater than 0.99" : undefined,
};

/**
 * A region for each prompt behind the base's: where the words behind its last comma are found, brackets and weights left
 * out. What is found there is cut at a share of the most attention, here at one of the range between least and most.
 *
 * @param parts Undefined where the prompt is broken: then only the thresholds are checked.
 */
export function readWords(parts: PromptParts | undefined, thresholds: Source): Division | undefined {
  const given = thresholds.text.trim() !== "";
  const list = given ? readRatioList(thresholds, SHARE)?.numbers : [];
  if (parts === undefined || list === undefined) return undefined;
  warnOfCuts(parts);
  const before = parts.source.findings.problems.length;
  const numbers = list.map(({ value }) => value);
  const places = parts.segments.map((segment, i): Place => {
    const threshold = numbers[i] ?? numbers.at(-1) ?? DEFAULT_THRESHOLD;
    return {
      name: regionName(i),
      prompt: segment.text,
      geometry: { words: { of: targetOf(segment, parts), threshold } },
    };
  });
  if (parts.source.findings.problems.length > before) return undefined;
  if (given) warnOfThresholds(thresholds, list, places.length);
  return { places, groups: [places.length], grid: null };
}

/** The words behind the last comma; the whole prompt where it has none. */
function targetOf({ text, offset }: Segment, { source }: PromptParts): string {
  const words = parsePrompt(text, "WEIGHTED").pieces.map((piece) => piece.kind === "TEXT" ? piece.text : " ").join("");
  const target = words.slice(words.lastIndexOf(",") + 1).trim();
  if (target === "") {
    const rule = "must end each region's prompt with a comma and words of the base prompt: this one has none";
    source.problem("INVALID_VALUE", rule, offset, text);
  }
  return target;
}

function warnOfThresholds(
  source: Source,
  list: readonly { readonly text: string; readonly offset: number }[],
  regions: number,
): void {
  const message = "there a threshold is a share of the most attention, here of the range between least and most";
  source.warn("SETTING_APPROXIMATED", message, 0);
  const last = list.at(-1), extra = list[regions];
  if (extra !== undefined) {
    source.warn(
      "RATIO_DROPPED",
      "there are more thresholds than regions, so those from here on were dropped",
      extra.offset,
    );
  } else if (last !== undefined && list.length > 1 && list.length < regions) {
    source.warn("RATIO_REPEATED", `there are fewer thresholds than regions, so ${last.text} was repeated`, last.offset);
  }
}

/** Warns of settings that regions have no use for where words say where they lie. */
export function warnOfBaseRatios(baseRatios: Source, path: FieldPath): void {
  if (baseRatios.text.trim() === "") return;
  baseRatios.findings.warn("OPTION_UNUSED", path, "regions that are found by words have no base ratios");
}
