/** How Omost's texts become a prompt. */

/** Texts one behind the other as sentences: each without commas, periods and spaces around it, and a period behind. */
export function joinSentences(texts: readonly string[]): string {
  return texts.map(trimmed).filter((text) => text !== "").map((text) => `${text}.`).join(" ");
}

function trimmed(text: string): string {
  let start = 0, end = text.length;
  while (start < end && ",. ".includes(text[start] ?? "")) start++;
  while (end > start && ",. ".includes(text[end - 1] ?? "")) end--;
  return text.slice(start, end);
}
