/** Writing SVG: elements, numbers, and untrusted text. */

/** An attribute's value; numbers are written to a hundredth, undefined leaves the attribute out. */
export type Attribute = string | number | undefined;

/** An element with its content, which is markup already. Attributes are escaped. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  ...content: readonly string[]
): string {
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [` ${key}="${typeof value === "number" ? number(value) : escaped(value)}"`];
  });
  const inner = content.join("");
  return inner === "" ? `<${name}${written.join("")}/>` : `<${name}${written.join("")}>${inner}</${name}>`;
}

/** To a hundredth: less than anyone sees. */
export function number(value: number): string {
  return String(Number(value.toFixed(2)) + 0);
}

/**
 * Any text as XML character data, safe between tags and in attributes. Characters that XML 1.0 cannot hold (control
 * characters, halves of surrogate pairs; https://www.w3.org/TR/xml/#charsets) become U+FFFD.
 */
export function escaped(text: string): string {
  return text.replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
