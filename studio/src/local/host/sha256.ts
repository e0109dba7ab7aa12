/** SHA-256 of what comes in pieces. See `host/sha256.ts`. */

import { sha256 as begin } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** A hash that is being made. */
export interface Sha256 {
  update(piece: Uint8Array | string): Sha256;
  hex(): string;
}

export function sha256(): Sha256 {
  const hash = begin.create();
  const begun: Sha256 = {
    update(piece) {
      hash.update(typeof piece === "string" ? utf8ToBytes(piece) : piece);
      return begun;
    },
    hex: () => bytesToHex(hash.digest()),
  };
  return begun;
}
