/** Texts that picture files carry beside their pixels, and how much of them is read. */

import { InvalidInputError } from "../../errors.ts";

/** A text and what its file calls it. */
export interface PictureText {
  /** The keyword of a PNG chunk, the name of an Exif tag, `XMP` and a property's name, or `comment` of a JPEG file. */
  readonly keyword: string;
  readonly text: string;
}

/** Bytes of all texts of a file together, unpacked: as many as characters of an import. */
export const MAX_TEXT_BYTES = 2 ** 20;

/** The error for texts that are too long, or would unpack to too much. */
export function tooMuchText(keyword: string): InvalidInputError {
  const rule = `must carry at most ${MAX_TEXT_BYTES} bytes of text, unpacked`;
  return new InvalidInputError("INVALID_SIZE", ["image"], keyword, rule);
}
