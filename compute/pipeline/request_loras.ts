/** The LoRAs that a request is painted with, looked up for its model. */

import type { LoraUse } from "../../layout/lora_use.ts";
import { pictureLoras } from "../../layout/loras.ts";
import type { LoraLibrary, UsableLora } from "../lora/lora_library.ts";
import type { AppliedLora } from "../lora/merge_loras.ts";
import { changesPlaces } from "../lora/weighted_places.ts";
import type { DiffusionModel } from "../model/model.ts";
import type { PictureRequest } from "./request.ts";

/** LoRAs of the whole picture, and of each region by its place in the layout. */
export interface RequestLoras {
  readonly whole: readonly AppliedLora[];
  readonly regions: readonly (readonly AppliedLora[])[];
}

/**
 * The LoRAs of a request.
 * @throws {UnknownLoraError} {@link LoraFileError} {@link LoraFamilyError} if one has gone or changed since the request was checked.
 */
export function requestLoras(
  { layout, loras }: Pick<PictureRequest, "layout" | "loras">,
  { config, capabilities: { family } }: Pick<DiffusionModel, "config" | "capabilities">,
  library: Pick<LoraLibrary, "find">,
): RequestLoras {
  const apply = (uses: readonly LoraUse[]) =>
    uses.map(({ name, weight }): AppliedLora => ({ lora: library.find(name, { config, family }), weight }));
  const { whole, regions } = pictureLoras(layout, loras);
  return { whole: apply(whole), regions: regions.map(apply) };
}

/** Each LoRA of any region that changes linear layers around attention, once. */
export function placesOf(regions: RequestLoras["regions"]): readonly UsableLora[] {
  const all = regions.flat().map(({ lora }) => lora).filter(changesPlaces);
  return [...new Map(all.map((lora) => [lora.state, lora])).values()];
}
