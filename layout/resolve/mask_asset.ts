/** How callers name the image of a painted mask, and its colour. */

/**
 * The SHA-256 that an asset's name stands for: 64 lower-case hex digits, alone or in the path `/images/<digits>.<ext>`
 * under which this server offers the image, signed or not. Undefined for any other text.
 */
export function readMaskAsset(text: string): string | undefined {
  return (/^([0-9a-f]{64})$/.exec(text) ?? /^\/images\/([0-9a-f]{64})\.\w+(\?\S*)?$/.exec(text))?.[1];
}

/** `#rrggbb` in lower case; undefined for any other text. */
export function readColour(text: string): string | undefined {
  return /^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : undefined;
}
