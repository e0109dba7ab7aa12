/** The re-rolls of a picture, as its text has them. */

import { z } from "zod";
import { parseObject } from "../json.ts";

const rerolls = z.array(z.strictObject({
  of: z.string().nullable(),
  regions: z.array(z.strictObject({ name: z.string(), seed: z.number() })),
  lockRest: z.boolean(),
}));

/** Regions that were painted anew, see `PictureRequest.rerolls`; whether they can be is not checked. */
export type ReadRerolls = z.infer<typeof rerolls>;

/** Reads `rerolls` of the `parterre` text: none where it has none; undefined where it is anything else. */
export function readRerolls(text: string): ReadRerolls | undefined {
  return rerolls.safeParse(parseObject(text)?.["rerolls"] ?? []).data;
}
