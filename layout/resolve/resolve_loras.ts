/** Checks of a list of LoRAs, but for whether there are such files. */

import type { FieldPath } from "../../errors.ts";
import type { Problems } from "../../problems.ts";
import type { LoraUse } from "../lora_use.ts";
import { LORA_WEIGHT, MAX_LORAS } from "../loras.ts";

/** Reads a list of LoRAs: every field checked, every default filled in. */
export function resolveLoras(spec: unknown, path: FieldPath, problems: Problems): readonly LoraUse[] {
  const items = problems.items(spec, path);
  if (items.length > MAX_LORAS) {
    problems.add("OUT_OF_RANGE", path, items.length, `must have at most ${MAX_LORAS} LoRAs`);
  }
  return items.slice(0, MAX_LORAS).map((item, i) => {
    const fields = problems.fields(item, [...path, i]);
    const name = fields === undefined ? "" : problems.text(fields["name"], [...path, i, "name"]);
    const weight = problems.number(fields?.["weight"], [...path, i, "weight"], { fallback: 1, ...LORA_WEIGHT });
    return { name, weight };
  });
}
