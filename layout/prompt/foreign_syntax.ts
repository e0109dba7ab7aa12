/** What other tools would read as more than words, and this syntax reads as text. */

import type { PromptWarning, PromptWarningCode } from "./prompt.ts";

/** A form of another tool. Every pattern takes time linear in the text: what repeats is bounded, or ends at a mark. */
interface ForeignForm {
  readonly code: PromptWarningCode;
  readonly pattern: RegExp;
  /** What was found and what is done with it, without a final period. */
  readonly message: (found: string) => string;
}

/**
 * Their documentation: AUTOMATIC1111's stable-diffusion-webui (wiki, "Features": extra networks, composable diffusion,
 * prompts from file), adieyal/sd-dynamic-prompts (docs/SYNTAX.md: variants and wildcards), NovelAI (docs, "Strengthening
 * and weakening vectors"), damian0815/compel (Reference.md: weights and conjunctions), InvokeAI (`<name>` embeddings),
 * Midjourney (parameters, multi-prompts), hako-mikan/sd-webui-regional-prompter (README: keywords) and
 * asagi4/comfyui-prompt-control (AREA, MASK and their like).
 */
const FORMS: readonly ForeignForm[] = [
  {
    code: "EXTRA_NETWORK",
    pattern: /<(?:[\p{L}\p{N}_]+:[^<>\n]{1,200}|[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99})>/gu,
    message: (found) => `${found} loads nothing here and is read as words`,
  },
  {
    code: "RANDOM_CHOICE",
    pattern: /\{[^{}]{0,2000}\}/g,
    message: (found) => `${found} is read as it stands: nothing is drawn, and curly braces are no weights`,
  },
  {
    code: "WILDCARD",
    pattern: /(?<![\p{L}\p{N}_])__[\p{L}\p{N}*~](?:[\p{L}\p{N}*/.: -]|_(?!_)){0,99}__(?![\p{L}\p{N}_])/gu,
    message: (found) => `${found} is read as it stands: there are no wildcards`,
  },
  {
    code: "WEIGHT_AS_TEXT",
    pattern: /(?<=\p{L}{2})[:：][+-]?\d{0,3}\.\d{1,9}(?=\s{0,9}(?:[,.;\n]|$))/gu,
    message: (found) => `"${found}" is no weight without brackets around what it is for`,
  },
  {
    code: "WEIGHT_AS_TEXT",
    pattern: /（[^（）]{1,200}[:：]\s{0,9}[+-]?[\d.]{1,9}\s{0,9}）/g,
    message: (found) => `"${found}" has no weight: only brackets of ASCII, ( and ), have one`,
  },
  {
    code: "WEIGHT_AS_TEXT",
    pattern: /(?<=\S)::[+-]?\d{0,3}(?:\.\d{1,9})?(?=\s|$)/g,
    message: (found) => `"${found}" separates and weights nothing here`,
  },
  {
    code: "WEIGHT_AS_TEXT",
    pattern:
      /(?<=[\p{L}\p{N}]{2}|\))\+{2,9}(?=[\s,.;)]|$)|(?<=\))\+(?=[\s,.;)]|$)|(?<=\p{L}{2}|\))-{2,9}(?=[,.;)]|$)|(?<=\))-(?=[,.;)]|$)/gu,
    message: (found) => `"${found}" behind a word is no weight; (word:1.1) is one`,
  },
  {
    code: "WEIGHT_AS_TEXT",
    pattern: /(?<=\))\d{0,2}\.\d{1,9}(?=[\s,.;)]|$)/g,
    message: (found) => `"${found}" behind brackets is no weight; it stands inside of them, as in (word:${found})`,
  },
  {
    code: "COMPOSITION_AS_TEXT",
    // In a line of capitals it is a word of that line.
    pattern:
      /(?<![\p{L}\p{N}_])(?<!\p{Lu}{2}["'”’.,]{0,2}\s{1,3})(?<=\S\s{1,3})AND(?=\s{1,3}\S)(?!\s{1,3}["'“‘]?\p{Lu}{2})/gu,
    message: (found) => `"${found}" joins no prompts here and is read as a word; regions have prompts of their own`,
  },
  {
    code: "COMPOSITION_AS_TEXT",
    pattern: /(?<=["')])\.(?:and|blend|swap)\([^()]{0,99}\)/g,
    message: (found) => `"${found}" joins no prompts here and is read as text`,
  },
  {
    code: "REGIONS_AS_TEXT",
    pattern:
      /(?<![\p{L}\p{N}_])(?:ADD(?:COL|ROW|BASE|COMM|P)(?![\p{L}\p{N}_])|(?:AREA|MASK|IMASK|COUPLE|FEATHER|FILL)\()/gu,
    message: (found) =>
      `"${found}" makes no region here and is read as text; parsePrompt reads the keywords of Regional Prompter`,
  },
  {
    code: "BREAK_AS_TEXT",
    pattern: /(?<=(?:^|[,.\n])[ \t]{0,9})[Bb]reak(?=[ \t]{0,9}(?:[,.\n]|$))/g,
    message: (found) => `"${found}" is read as a word; BREAK is written in capitals`,
  },
  {
    code: "SETTINGS_AS_TEXT",
    pattern:
      /(?<=^|\s)--(?:ar|aspect|v|version|niji|no|seed|stylize|s|chaos|c|weird|quality|q|stop|iw|sref|cref|oref|sw|cw|tile|raw|style|steps|cfg_scale|width|height|sampler_name|negative_prompt|prompt|hd|test|testp|fast|turbo|relax|repeat|draft)(?=\s|$)/g,
    message: (found) => `"${found}" sets nothing here and is read as text`,
  },
  {
    code: "SETTINGS_AS_TEXT",
    pattern: /(?<=^|\n)[ \t]{0,9}(?:Negative prompt:|Steps: \d{1,9}, Sampler:)/g,
    message: (found) =>
      `"${found.trim()}" sets nothing here and is read as text; importLayout reads whole texts of settings`,
  },
  {
    code: "COMMENT_AS_TEXT",
    pattern: /(?<=^|\s)\/\*|(?<=^|\n)[ \t]{0,9}\/\//g,
    message: () => "A comment is read as text",
  },
];

/** At most so many characters of what was found are quoted. */
const QUOTED = 40;

/** The forms in a text, in the order of {@link FORMS}. Total, in time linear in its length. */
export function foreignSyntax(source: string): readonly PromptWarning[] {
  return FORMS.flatMap(({ code, pattern, message }) =>
    [...source.matchAll(pattern)].map(({ 0: found, index }): PromptWarning => ({
      code,
      message: message(found.length > QUOTED ? `${found.slice(0, QUOTED)}...` : found),
      position: index,
    }))
  );
}
