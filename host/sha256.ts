/** SHA-256 of what comes in pieces. */

import { createHash } from "node:crypto";

/** A hash that is being made. */
export interface Sha256 {
  /** Adds bytes, or text in UTF-8. */
  update(piece: Uint8Array | string): Sha256;
  /** In lower-case hexadecimal digits; nothing can be added then. */
  hex(): string;
}

/** Begins a hash. */
export function sha256(): Sha256 {
  const hash = createHash("sha256");
  const begun: Sha256 = {
    update(piece) {
      hash.update(piece);
      return begun;
    },
    hex: () => hash.digest("hex"),
  };
  return begun;
}
