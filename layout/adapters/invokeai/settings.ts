/** InvokeAI's settings of a picture by the names that they have here. */

import { type FieldPath, quote } from "../../../errors.ts";
import type { LoraUse } from "../../lora_use.ts";
import type { Findings } from "../adapted.ts";
import { isObject, type JsonObject } from "../json.ts";
import { loraNameOf } from "../lora_file.ts";
import type { ImportedSettings, SettingsDraft } from "../settings.ts";

const NUMBERS: ReadonlyMap<string, "width" | "height" | "steps" | "seed" | "guidanceScale"> = new Map([
  ["width", "width"],
  ["height", "height"],
  ["steps", "steps"],
  ["seed", "seed"],
  ["cfg_scale", "guidanceScale"],
]);

/**
 * The settings that have a counterpart; the others that are set are named in warnings.
 * @param read The fields that are read elsewhere.
 */
export function takeMetadataSettings(
  metadata: JsonObject,
  read: readonly string[],
  path: FieldPath,
  findings: Findings,
): ImportedSettings {
  const settings: SettingsDraft = {};
  for (const [name, value] of Object.entries(metadata)) {
    if (read.includes(name) || isIdle(value)) continue;
    const number = NUMBERS.get(name);
    if (number !== undefined && isOf(value, number)) {
      settings[number] = value;
    } else if (name === "clip_skip" && isOf(value, "seed")) {
      settings.clipSkip = value + 1; // there it is how many layers are left out
    } else if (name === "loras" && Array.isArray(value)) {
      const loras = readLoras(value, [...path, name], findings);
      if (loras.length > 0) settings.loras = loras;
    } else if (name === "scheduler" && typeof value === "string") {
      Object.assign(settings, samplerOf(value));
    } else if (name === "model" && isObject(value) && typeof modelName(value) === "string") {
      settings.model = String(modelName(value));
    } else {
      findings.warn(
        "SETTING_LEFT_OUT",
        [...path, name],
        `${name}: ${quote(value)} has no counterpart here, so it was left out`,
      );
    }
  }
  return settings;
}

/** LoRAs with their weights: `model`, in older files `lora`; one that has no name is named in a warning. */
function readLoras(list: readonly unknown[], path: FieldPath, findings: Findings): readonly LoraUse[] {
  return list.flatMap((entry, i): LoraUse[] => {
    const file = isObject(entry) ? entry["model"] ?? entry["lora"] : undefined;
    const name = isObject(file) ? modelName(file) : undefined;
    const weight = isObject(entry) ? entry["weight"] ?? 1 : undefined;
    if (typeof name === "string" && name !== "" && typeof weight === "number" && Number.isFinite(weight)) {
      return [{ name: loraNameOf(name), weight }];
    }
    findings.warn("LORA_LEFT_OUT", [...path, i], `${quote(entry)} names no LoRA with a weight, so it was left out`);
    return [];
  });
}

function isOf(value: unknown, name: keyof ImportedSettings): value is number {
  if (name === "guidanceScale") return typeof value === "number" && Number.isFinite(value);
  return Number.isSafeInteger(value) && Number(value) >= (name === "seed" ? 0 : 1);
}

/** What is not set changes nothing. */
function isIdle(value: unknown): boolean {
  return value === null || value === false || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Names such as `dpmpp_2m_k`, where `_k` asks for Karras' noise levels. */
function samplerOf(scheduler: string): Pick<ImportedSettings, "sampler" | "schedule"> {
  return scheduler.endsWith("_k") ? { sampler: scheduler.slice(0, -2), schedule: "karras" } : { sampler: scheduler };
}

/** Models are called by `name`, in older files by `model_name`. */
function modelName(model: JsonObject): unknown {
  return model["name"] ?? model["model_name"];
}
