/** What painted a picture, as its text has it. */

import { z } from "zod";
import { parseObject } from "../json.ts";

/** Of a picture's text; what an older version did not write, or is none, is null. */
const made = z.object({
  version: z.string().nullable().catch(null),
  provider: z.string().nullable().catch(null),
  modelSha256: z.string().nullable().catch(null),
});

/** What painted a picture. */
export type ReadMade = Readonly<z.infer<typeof made>>;

/** Reads `made` of the `parterre` text; all null where there is none. */
export function readMade(text: string): ReadMade {
  const { data } = made.safeParse(parseObject(text)?.["made"] ?? {});
  return data ?? { version: null, provider: null, modelSha256: null };
}
