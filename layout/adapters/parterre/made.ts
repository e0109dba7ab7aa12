/** What painted a picture, as its text has it. */

import { isObject, parseObject } from "../json.ts";

/**
 * Reads `made` of the `parterre` text: things by name, with their versions or hashes; of a version that wrote none, or of
 * rubbish, there are none.
 */
export function readMade(text: string): ReadonlyMap<string, string> {
  const made = parseObject(text)?.["made"];
  return new Map(
    isObject(made) ? Object.entries(made).flatMap(([name, is]) => typeof is === "string" ? [[name, is]] : []) : [],
  );
}
