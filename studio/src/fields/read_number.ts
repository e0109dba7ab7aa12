/** What somebody typed into a field for a number. */

/** The number; undefined for an empty field; "none" for what is no number. A comma may stand for the point. */
export function readNumber(text: string): number | undefined | "none" {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : "none";
}
