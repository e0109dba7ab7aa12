/** Settings of other tools by the names that they have here. */

import { findSampler, findSchedule } from "../../compute/sampler/registry.ts";
import type { AdapterWarning } from "../../layout/adapters/adapted.ts";
import type { ImportedSettings } from "../../layout/adapters/settings.ts";

/** The greatest values that the API's types can hold. */
const GREATEST = {
  width: 2 ** 31 - 1,
  height: 2 ** 31 - 1,
  steps: 2 ** 31 - 1,
  clipSkip: 2 ** 31 - 1,
  seed: 2 ** 32 - 1,
  variationSeed: 2 ** 32 - 1,
} as const;

/**
 * The settings that `generate` can take, samplers and schedules by their names here, and a warning for each that it
 * cannot. A model of another tool is never taken: what it is called there says nothing of what is installed here.
 * @param own Whether they are Parterre's own.
 */
export function takeSettings(
  { model, sampler, schedule, ...others }: ImportedSettings,
  own: boolean,
): { readonly settings: ImportedSettings; readonly warnings: readonly AdapterWarning[] } {
  const warnings: AdapterWarning[] = [];
  const leaveOut = (what: string) =>
    warnings.push({
      code: "SETTING_LEFT_OUT",
      message: `${what}, so it was left out`,
      path: ["input"],
      position: null,
    });
  if (model !== undefined && !own) leaveOut(`the model ${JSON.stringify(model)} is that of another tool`);
  const found = sampler === undefined ? undefined : findSampler(sampler);
  if (sampler !== undefined && found === undefined) leaveOut(`there is no sampler ${JSON.stringify(sampler)}`);
  const asked = schedule === undefined ? found?.schedule : findSchedule(schedule);
  if (schedule !== undefined && asked === undefined) leaveOut(`there is no schedule ${JSON.stringify(schedule)}`);
  const fitting = Object.entries(others).filter(([name, value]) => {
    const greatest = name in GREATEST ? GREATEST[name as keyof typeof GREATEST] : undefined;
    const fits = greatest === undefined
      ? typeof value !== "number" || Number.isFinite(value)
      : (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= greatest);
    if (!fits) leaveOut(`${name} is ${value}, which is no number that the API takes`);
    return fits;
  });
  return {
    settings: {
      ...Object.fromEntries(fitting),
      ...(model === undefined || !own ? {} : { model }),
      ...(found === undefined ? {} : { sampler: found.definition.name }),
      ...(asked === undefined ? {} : { schedule: asked }),
    },
    warnings,
  };
}
