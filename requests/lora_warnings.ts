/** What LoRAs mean for a picture before it is painted: what it will not have, in plain sentences, and what they weigh. */

import type { UsableLora } from "../compute/lora/lora_library.ts";
import type { LayerKind } from "../compute/lora/lora_file.ts";
import type { PictureRequest } from "../compute/pipeline/request.ts";
import { quote } from "../errors.ts";
import { type PictureLoras, pictureLoras } from "../layout/loras.ts";
import type { LayoutWarning } from "../layout/report/warnings.ts";

/** Names of tensors that a message shows. */
const SHOWN = 3;

/**
 * Layers that regions leave out, and tensors that the model has no place for; the latter once per LoRA.
 * @param find A LoRA that was checked.
 */
export function loraWarnings(
  { layout, loras, regionalLora = "CONTEXT_ONLY" }: Pick<PictureRequest, "layout" | "loras" | "regionalLora">,
  find: (name: string) => UsableLora | Error,
): readonly LayoutWarning[] {
  const { whole, regions } = pictureLoras(layout, loras);
  const leftOut: readonly LayerKind[] = regionalLora === "WEIGHTED" ? ["OTHER"] : ["PLACE", "OTHER"];
  const parts = regions.flatMap((uses, i) =>
    uses.flatMap(({ name }): LayoutWarning[] => {
      const lora = find(name);
      if (lora instanceof Error) return [];
      const { layers } = lora.plan;
      const count = layers.filter(({ kind }) => leftOut.includes(kind)).length;
      if (count === 0) return [];
      const message =
        `${count} of the ${layers.length} layers of the LoRA ${quote(name)} act on more than a prompt and ` +
        `are left out under ${regionalLora}`;
      return [{ code: "LORA_PARTS", region: layout.regions[i]?.name ?? null, message }];
    })
  );
  const keys = namesOf({ whole, regions }).flatMap((name): LayoutWarning[] => {
    const lora = find(name);
    if (lora instanceof Error || lora.plan.unknown.length === 0) return [];
    const { unknown } = lora.plan;
    const shown = unknown.slice(0, SHOWN).map(quote).join(", ");
    const more = unknown.length > SHOWN ? `, and ${unknown.length - SHOWN} more` : "";
    const message = `the model has no place for some of the LoRA ${quote(name)}, which is left out: ${shown}${more}`;
    return [{ code: "LORA_KEYS", region: null, message }];
  });
  return [...parts, ...keys];
}

/** Bytes of the files of all LoRAs of a picture, each once. */
export function loraBytes(
  { layout, loras }: Pick<PictureRequest, "layout" | "loras">,
  find: (name: string) => UsableLora | Error,
): number {
  return namesOf(pictureLoras(layout, loras)).reduce((sum, name) => {
    const lora = find(name);
    return lora instanceof Error ? sum : sum + lora.bytes;
  }, 0);
}

function namesOf({ whole, regions }: PictureLoras): readonly string[] {
  return [...new Set([...whole, ...regions.flat()].map(({ name }) => name))];
}
