/** Looking at the first bytes of an untrusted file. */

import { InvalidInputError } from "../errors.ts";

/** Whether these Latin-1 characters stand at an offset. */
export function stands(text: string, bytes: Uint8Array, offset: number): boolean {
  return [...text].every((character, i) => bytes[offset + i] === character.charCodeAt(0));
}

/** The error for a file that breaks a rule of its format. */
export function unreadable(bytes: Uint8Array, rule: string): InvalidInputError {
  return new InvalidInputError("INVALID_VALUE", ["image"], `${bytes.length} bytes`, rule);
}
