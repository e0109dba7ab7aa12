/** Settings of other tools by the names that they have here. */

import { findSampler, findSchedule } from "../../compute/sampler/registry.ts";
import type { AdapterWarning } from "../../layout/adapters/adapted.ts";
import type { ImportedSettings } from "../../layout/adapters/settings.ts";

/**
 * The settings that `generate` can take, samplers and schedules by their names here, and a warning for each that it
 * cannot. A model of another tool is never taken: what it is called there says nothing of what is installed here.
 */
export function takeSettings(
  { model, sampler, schedule, ...others }: ImportedSettings,
): { readonly settings: ImportedSettings; readonly warnings: readonly AdapterWarning[] } {
  const warnings: AdapterWarning[] = [];
  const leaveOut = (what: string) =>
    warnings.push({
      code: "SETTING_LEFT_OUT",
      message: `${what}, so it was left out`,
      path: ["input"],
      position: null,
    });
  if (model !== undefined) leaveOut(`the model ${JSON.stringify(model)} is that of another tool`);
  const found = sampler === undefined ? undefined : findSampler(sampler);
  if (sampler !== undefined && found === undefined) leaveOut(`there is no sampler ${JSON.stringify(sampler)}`);
  const asked = schedule === undefined ? found?.schedule : findSchedule(schedule);
  if (schedule !== undefined && asked === undefined) leaveOut(`there is no schedule ${JSON.stringify(schedule)}`);
  return {
    settings: {
      ...others,
      ...(found === undefined ? {} : { sampler: found.definition.name }),
      ...(asked === undefined ? {} : { schedule: asked }),
    },
    warnings,
  };
}
