/** What the settings of a web UI's text are here, and which have no counterpart. */

import { shorten } from "../../../errors.ts";
import type { Source } from "../adapted.ts";
import type { ImportedSettings, SettingsDraft } from "../settings.ts";
import type { InfotextField } from "./infotext.ts";

/** Takes a value over; false where it is none that can be. */
type Take = (value: string, settings: SettingsDraft) => boolean;

const TAKES: ReadonlyMap<string, Take> = new Map<string, Take>([
  ["Steps", (value, settings) => whole(value, 1, (steps) => settings.steps = steps)],
  ["Seed", (value, settings) => whole(value, 0, (seed) => settings.seed = seed)],
  ["Clip skip", (value, settings) => whole(value, 1, (clipSkip) => settings.clipSkip = clipSkip)],
  ["Sampler", (value, settings) => named(value, (sampler) => settings.sampler = sampler)],
  ["Schedule type", (value, settings) => named(value, (schedule) => settings.schedule = schedule)],
  ["Model", (value, settings) => named(value, (model) => settings.model = model)],
  ["CFG scale", (value, settings) => {
    const scale = Number(value);
    if (value === "" || !Number.isFinite(scale)) return false;
    settings.guidanceScale = scale;
    return true;
  }],
  ["Size", (value, settings) => {
    const [, width = "", height = ""] = /^(\d+) ?x ?(\d+)$/.exec(value) ?? [];
    return whole(width, 1, (pixels) => settings.width = pixels) &&
      whole(height, 1, (pixels) => settings.height = pixels);
  }],
]);

/** `sdxl_clip_l_skip`, which is off by default, is not in the text. */
const SKIPPED = "clip skip is that of every model here; that tool skips no layer of SDXL's text encoders by default";

/**
 * The settings that have a counterpart. Every other one, a second one of a name, and one whose value is none is named in a
 * warning at its place.
 * @param source The whole text.
 */
export function takeInfotextSettings(fields: readonly InfotextField[], source: Source): ImportedSettings {
  const settings: SettingsDraft = {};
  const taken = new Set<string>();
  for (const { name, value, offset } of fields) {
    const take = TAKES.get(name);
    if (take !== undefined && !taken.has(name) && take(value, settings)) {
      taken.add(name);
      if (name === "Clip skip" && settings.clipSkip !== 1) source.warn("SETTING_APPROXIMATED", SKIPPED, offset);
      continue;
    }
    const reason = take === undefined
      ? "it has no counterpart here"
      : taken.has(name)
      ? "it is there twice"
      : "its value is none";
    source.warn("SETTING_LEFT_OUT", `${name}: ${shorten(value)} was left out, since ${reason}`, offset);
  }
  return settings;
}

/** The aspect of a size, where a layout can have it: 1:32 to 32:1. */
export function aspectOf({ width, height }: ImportedSettings): { readonly aspect?: number } {
  if (width === undefined || height === undefined) return {};
  const aspect = width / height;
  return aspect >= 1 / 32 && aspect <= 32 ? { aspect } : {};
}

function whole(value: string, least: number, set: (number: number) => void): boolean {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least || !Number.isSafeInteger(number)) return false;
  set(number);
  return true;
}

function named(value: string, set: (name: string) => void): boolean {
  if (value === "") return false;
  set(value);
  return true;
}
