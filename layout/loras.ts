/** The LoRAs that a picture is painted with: those of the whole picture, and those of single regions. */

import type { FieldPath } from "../errors.ts";
import type { Layout } from "./layout.ts";
import type { LoraUse } from "./lora_use.ts";
import { parsePrompt } from "./prompt/parse.ts";
import { promptFields } from "./prompt_fields.ts";

/** How much of a LoRA may be wanted. */
export const LORA_WEIGHT = { min: -10, max: 10 } as const;

/** LoRAs that one list may have. */
export const MAX_LORAS = 8;

/** A LoRA that a layout asks for, and where. */
export interface PlacedLora extends LoraUse {
  /** Of the field within the layout. */
  readonly path: FieldPath;
  /** Where in a prompt it is written, in UTF-16 units; null: in a list. */
  readonly position: number | null;
  /** Which prompt has it: a region by index, or the whole picture; negative prompts have none to give. */
  readonly scope: number | "WHOLE" | "NEGATIVE";
}

/** Every LoRA of a layout, those of regions that are not enabled included. */
export function placedLoras(layout: Layout): readonly PlacedLora[] {
  const listed = layout.regions.flatMap(({ loras }, i) =>
    (loras ?? []).map((use, l): PlacedLora => ({ ...use, path: ["regions", i, "loras", l], position: null, scope: i }))
  );
  if (layout.promptSyntax === "PLAIN") return listed;
  const written = promptFields(layout).filter(([text]) => text.includes("<lora:")).flatMap(([text, ...path]) =>
    parsePrompt(text, layout.promptSyntax).loras.map(({ name, weight, start }): PlacedLora => {
      return { name, weight, path, position: start, scope: scopeOf(path) };
    })
  );
  return [...listed, ...written];
}

function scopeOf(path: FieldPath): PlacedLora["scope"] {
  if (String(path.at(-1)).toLowerCase().includes("negative")) return "NEGATIVE";
  const [, region] = path;
  return typeof region === "number" ? region : "WHOLE";
}

/** The LoRAs of a picture. One that is wanted several times in the same place counts with the sum of its weights. */
export interface PictureLoras {
  readonly whole: readonly LoraUse[];
  /** By region; those of the whole picture are not repeated. */
  readonly regions: readonly (readonly LoraUse[])[];
}

/**
 * The LoRAs of a picture.
 * @param whole Those of the request, beside what prompts ask for.
 */
export function pictureLoras(layout: Layout, whole: readonly LoraUse[] = []): PictureLoras {
  const placed = placedLoras(layout);
  const of = (scope: PlacedLora["scope"]) => placed.filter((lora) => lora.scope === scope);
  return {
    whole: summed([...whole, ...of("WHOLE")]),
    regions: layout.regions.map(({ enabled }, i) => enabled ? summed(of(i)) : []),
  };
}

function summed(uses: readonly LoraUse[]): readonly LoraUse[] {
  const weights = new Map<string, number>();
  for (const { name, weight } of uses) weights.set(name, (weights.get(name) ?? 0) + weight);
  return [...weights].map(([name, weight]) => ({ name, weight }));
}
