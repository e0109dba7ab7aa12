/** How callers name the image of a painted mask, and its colour. */

/**
 * A SHA-256 in 64 lower-case hex digits, alone or in the path `/images/<digits>.<ext>` under which this server offers the
 * image, signed or not.
 */
export const ASSET_PATTERN = String.raw`^([0-9a-f]{64}|/images/[0-9a-f]{64}\.\w+(\?\S*)?)$`;

/** `#rrggbb`. */
export const COLOUR_PATTERN = "^#[0-9a-fA-F]{6}$";

const ASSET = new RegExp(ASSET_PATTERN), COLOUR = new RegExp(COLOUR_PATTERN);

/** The SHA-256 that an asset's name stands for, by {@link ASSET_PATTERN}; undefined for any other text. */
export function readMaskAsset(text: string): string | undefined {
  return ASSET.test(text) ? /[0-9a-f]{64}/.exec(text)?.[0] : undefined;
}

/** `#rrggbb` in lower case; undefined for any other text. */
export function readColour(text: string): string | undefined {
  return COLOUR.test(text) ? text.toLowerCase() : undefined;
}
