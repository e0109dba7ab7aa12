/** The texts of a picture that a caller sends. */

import { type FieldPath, InvalidInputError, InvalidInputErrors } from "../errors.ts";
import type { PictureText } from "../image/metadata/picture_text.ts";
import { readPictureTexts } from "../image/metadata/read_picture_texts.ts";
import type { SchemaContext } from "./builder.ts";
import { turnOf } from "./turn.ts";

/**
 * Reads them.
 * @param path Where the file stands in the caller's input.
 * @throws {InvalidInputErrors} for a picture that is too large, or is none.
 * @throws {BudgetExceededError} as the operation's turn has it.
 */
export async function readTextsOf(
  file: File,
  path: FieldPath,
  context: SchemaContext,
): Promise<readonly PictureText[]> {
  const { maxUploadBytes } = context.services.limits;
  if (file.size > maxUploadBytes) {
    const rule = `must have at most ${maxUploadBytes} bytes`;
    throw new InvalidInputErrors([new InvalidInputError("INVALID_SIZE", path, `${file.size} bytes`, rule)]);
  }
  const texts = await readOrRefuse(file, path);
  turnOf(context).budget.spend("characters", texts.reduce((sum, { text }) => sum + text.length, 0));
  return texts;
}

async function readOrRefuse(file: File, path: FieldPath): Promise<readonly PictureText[]> {
  try {
    return readPictureTexts(await file.bytes());
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputErrors([new InvalidInputError(error.code, path, error.value, error.rule)]);
  }
}
