/** Which of a picture's texts says how it was painted. */

import { isInfotext } from "../a1111/infotext.ts";

/** A text of a picture and what its file calls it. */
export interface NamedText {
  readonly keyword: string;
  readonly text: string;
}

/** What a text can be, the first before the others: what says most of the regions, and is written by the tool itself. */
const KINDS = ["PARTERRE", "COMFYUI_PROMPT", "COMFYUI_WORKFLOW", "INVOKEAI", "A1111"] as const;

export type TextKind = (typeof KINDS)[number];

/** A text that can be read. */
export interface FoundText extends NamedText {
  readonly kind: TextKind;
}

/** Kinds by the keywords that tools use for nothing else. */
const KEYWORDS: ReadonlyMap<string, TextKind> = new Map([
  ["parterre", "PARTERRE"],
  ["prompt", "COMFYUI_PROMPT"],
  ["workflow", "COMFYUI_WORKFLOW"],
  ["invokeai_metadata", "INVOKEAI"],
  ["parameters", "A1111"],
]);

/** ComfyUI's texts in Exif tags of WebP files name themselves. */
const PREFIX = /^(prompt|workflow):\s*(?=\{)/i;

/** Keywords that say nothing of a prompt. */
const SILENT = /^(Software|Make|Model|Creation Time|date:\w+|XMP .*(Date|Tool|Source ?Type|about))$/i;

/** A picture's texts that can be read, in the order in which they count, and the keywords of those that cannot. */
export function findTexts(
  texts: readonly NamedText[],
): { readonly found: readonly FoundText[]; readonly others: readonly string[] } {
  const found: FoundText[] = [];
  const others: string[] = [];
  for (const named of texts) {
    const known = identify(named);
    if (known !== undefined) found.push(known);
    else if (named.text.trim() !== "" && !SILENT.test(named.keyword)) others.push(named.keyword);
  }
  return { found: found.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)), others };
}

function identify({ keyword, text }: NamedText): FoundText | undefined {
  const [prefix = "", name = ""] = PREFIX.exec(text) ?? [];
  const own = KEYWORDS.get(name.toLowerCase());
  if (own !== undefined) return { keyword, text: text.slice(prefix.length), kind: own };
  const kind = KEYWORDS.get(keyword.replace(/^XMP /, ""));
  const isObject = text.trimStart().startsWith("{");
  if (kind !== undefined && (kind === "A1111" ? !isObject : isObject)) return { keyword, text, kind };
  return isInfotext(text) ? { keyword, text, kind: "A1111" } : undefined;
}
