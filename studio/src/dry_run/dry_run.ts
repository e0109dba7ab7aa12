/** What the server says of the draft without painting it, always the latest. */

import { computed, signal } from "@preact/signals";
import type { DryRunQuery } from "../api/generated.ts";
import type { Problem } from "./problem.ts";

export type { Problem };

type Answer = DryRunQuery["validateLayout"];

/** What the server says of a draft without problems. */
export type Report = Extract<Answer, { __typename: "LayoutReport" }>;

/** The latest report there was; null before the first. See {@link checked} for whether it is of the draft as it stands. */
export const report = signal<Report | null>(null);

/** Whether the server's latest answer is of the draft as it stands. */
export const checked = signal(false);

/** Why the server could not look at the draft, in its words; null where it could. */
export const refusal = signal<string | null>(null);

/** What keeps the draft from being painted, of the dry run and of the latest attempt to paint. */
export const problems = signal<readonly Problem[]>([]);

/** What the report says of each region, by its name. */
export const regionReports = computed(() => new Map(report.value?.regions.map((region) => [region.name, region])));

/** The warnings of each region, by its name; those of the layout as a whole under null. */
export const warningsByRegion = computed(() => {
  const grouped = new Map<string | null, readonly Report["warnings"][number][]>();
  for (const warning of report.value?.warnings ?? []) {
    grouped.set(warning.region, [...grouped.get(warning.region) ?? [], warning]);
  }
  return grouped;
});
