/** What of a request cannot be had together. */

import type { PictureRequest } from "../compute/pipeline/request.ts";
import type { Layout } from "../layout/layout.ts";
import { regionWords } from "../layout/words.ts";
import type { Fail } from "./fail.ts";

type Together = "rerolls" | "windows" | "secondPass";

/**
 * Refuses large pictures whose regions are found by words, for which the picture is seen as a whole and once; and re-rolls
 * of a picture with a second pass, which would not hold the rest of it.
 */
export function checkTogether(
  layout: Layout,
  { rerolls, windows, secondPass }: { readonly [Field in Together]: PictureRequest[Field] | undefined },
  fail: Fail,
): void {
  if (regionWords(layout).length > 0) {
    const rule = "must not be set: regions that are found by words need the picture as a whole, in one pass";
    if (windows !== undefined) fail("UNSUPPORTED", "windows", windows, rule);
    if (secondPass !== undefined) fail("UNSUPPORTED", "secondPass", secondPass, rule);
  }
  if (rerolls !== undefined && secondPass !== undefined) {
    const rule = "must not be set where regions are painted anew: what is held in the first pass is not in the second";
    fail("UNSUPPORTED", "secondPass", secondPass, rule);
  }
}
