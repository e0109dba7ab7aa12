/**
 * Telling a request that is sent again from another one under the same key.
 *
 * The words are those of https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.
 */

import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical_json.ts";

/** A caller's word that it means one generation, however often it sends the input. */
export interface Idempotency {
  /** Chosen by the caller. */
  readonly key: string;
  /** Of the input, see {@link fingerprint}. */
  readonly fingerprint: string;
}

/**
 * What inputs are compared by: SHA-256, in lower-case hex, of the input as it was sent, in whichever order its fields
 * were. What the server makes of an input may change between two sendings: defaults, limits, models, uploaded masks.
 * @param input Plain JSON; an `idempotencyKey` among its fields does not count.
 */
export function fingerprint(input: object): string {
  return createHash("sha256").update(canonicalJson({ ...input, idempotencyKey: undefined })).digest("hex");
}
