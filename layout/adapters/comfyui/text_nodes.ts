/**
 * Nodes that make texts, as their packs define them: ComfyUI's own (`comfy_extras/nodes_string.py`,
 * `nodes_primitive.py`), KJNodes, WAS, Comfyroll, pysssss, JPS, FizzNodes.
 *
 * Nodes that search by regular expressions, draw at random or ask a model are left unknown on purpose.
 */

import type { Arguments, Rule } from "./rules.ts";

/** Inserting a long text between all characters of another would fill the memory before its length is seen. */
const MAX_REPLACED = 1_000_000;

const REGEX = /[\\^$.*+?()[\]{}|]/;

export const TEXT_NODES: ReadonlyMap<string, Rule> = new Map(Object.entries<Rule>({
  "PrimitiveString": ({ text }) => text("value"),
  "PrimitiveStringMultiline": ({ text }) => text("value"),
  "StringConcatenate": ({ text }) => text("string_a") + text("delimiter", "") + text("string_b"),
  "StringReplace": (args) => replaced(args, args.text("string"), "find", args.text("replace")),
  "StringTrim": ({ text }) => trimmed(text("string"), text("mode", "Both")),
  "StringSubstring": ({ text, number }) => substring(text("string"), number("start"), number("end")),
  "CaseConverter": ({ text }) => inCase(text("string"), text("mode")),
  "StringConstant": ({ text }) => text("string"),
  "StringConstantMultiline": ({ text, flag }) =>
    flag("strip_newlines", true) ? text("string").replaceAll("\n", "") : text("string"),
  "JoinStrings": ({ text }) => text("string1") + text("delimiter", " ") + text("string2"),
  "JoinStringMulti": ({ text, number, names, refuse }) => {
    const count = Math.min(number("inputcount", 2), names.length);
    if (text("return_list", "false") === "true") refuse("return_list", "must be false: there is one prompt");
    const parts = Array.from({ length: count }, (_, i) => text(`string_${i + 1}`, ""));
    return parts.filter((part) => part !== "").join(text("delimiter", " "));
  },
  "ConcatStringSingle": ({ text }) => text("string_a") + text("string_b"),
  "String Literal": ({ text }) => text("string"),
  "Text Multiline": ({ text }) => text("text").split("\n").filter((line) => !line.trim().startsWith("#")).join("\n"),
  "Text Concatenate": ({ text, names }) => {
    const delimiter = text("delimiter", ", ").replaceAll("\\n", "\n"), clean = text("clean_whitespace", "true");
    const parts = names.filter((name) => name.startsWith("text_")).sort().map((name) => text(name, ""));
    return parts.map((part) => clean === "true" ? part.trim() : part).filter((part) => part !== "").join(delimiter);
  },
  "Text Concatenate (JPS)": ({ text }) => {
    const delimiter = { none: "", space: " ", comma: ", " }[text("delimiter", "none")] ?? "";
    return [1, 2, 3, 4, 5].map((i) => text(`text${i}`, "")).filter((part) => part !== "").join(delimiter);
  },
  "Text Find and Replace": (args) => {
    if (REGEX.test(args.text("find"))) args.refuse("find", "must be a plain text, not a regular expression");
    return replaced(args, args.text("text"), "find", args.text("replace"));
  },
  "CR Text": ({ text }) => text("text"),
  "CR Prompt Text": ({ text }) => text("prompt"),
  "CR Text Concatenate": ({ text }) => text("text1", "") + text("separator", "") + text("text2", ""),
  "CR Text Replace": (args) =>
    [1, 2, 3].reduce((all, i) => {
      const find = args.text(`find${i}`, "");
      return find === "" ? all : replaced(args, all, `find${i}`, args.text(`replace${i}`, ""));
    }, args.text("text")),
  "CR Combine Prompt": ({ text }) => [1, 2, 3, 4].map((i) => text(`part${i}`, "")).join(text("separator", ",")),
  "ShowText|pysssss": ({ text }) => text("text"),
  "StringFunction|pysssss": stringFunction,
  "ImpactWildcardProcessor": ({ text }) => text("populated_text"),
}));

function stringFunction(args: Arguments): string {
  const { text } = args;
  const [a, b, c] = ["text_a", "text_b", "text_c"].map((name) => text(name, ""));
  const tidy = text("tidy_tags") === "yes";
  if (text("action") === "append") {
    return tidied([a, b, c].filter((part) => part !== "").join(tidy ? ", " : ""), tidy);
  }
  if (b?.startsWith("/")) args.refuse("text_b", "must be a plain text, not a regular expression");
  return tidied(replaced(args, a ?? "", "text_b", c ?? ""), tidy);
}

function tidied(text: string, tidy: boolean): string {
  if (!tidy) return text;
  return text.replaceAll("  ", " ").replaceAll(" ,", ",").replaceAll(",,", ",").replaceAll(",,", ",");
}

/** Python's `str.replace`, the text to find being that of an input. */
function replaced(args: Arguments, text: string, find: string, replacement: string): string {
  const parts = text.split(args.text(find));
  if (parts.length * replacement.length > MAX_REPLACED) {
    args.refuse(find, `must leave a text of at most ${MAX_REPLACED} characters`);
  }
  return args.text(find) === ""
    ? replacement + parts.map((part) => part + replacement).join("")
    : parts.join(replacement);
}

function trimmed(text: string, mode: string): string {
  return mode === "Left" ? text.trimStart() : mode === "Right" ? text.trimEnd() : text.trim();
}

/** Python's `text[start:end]`, which counts code points, and from the end where it is below 0. */
function substring(text: string, start: number, end: number): string {
  return [...text].slice(start, end).join("");
}

function inCase(text: string, mode: string): string {
  const lower = text.toLowerCase();
  if (mode === "UPPERCASE") return text.toUpperCase();
  if (mode === "lowercase") return lower;
  const first = mode === "Capitalize" ? /^\p{L}/u : /(?<!\p{L})\p{L}/gu;
  return mode === "Capitalize" || mode === "Title Case" ? lower.replace(first, (letter) => letter.toUpperCase()) : text;
}
