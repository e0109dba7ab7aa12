/** What the bench gives out: figures, and the reasons for those that it could not measure. */

import type { Summary } from "./statistics.ts";

/** A measured figure. */
export interface Figure {
  /** What was measured, with its circumstances. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The limit that the value is to keep; null where none is set. */
  readonly goal: number | null;
  /** Which direction is better, and so on which side of the goal the value belongs. */
  readonly better: "lower" | "higher";
  /** Lowest and highest of the samples whose median the value is; null for a single sample. */
  readonly spread: readonly [number, number] | null;
}

/** A figure without a value. */
export interface Unmeasured {
  readonly name: string;
  /** Why, in a few words. */
  readonly unmeasured: string;
}

/** A row of the table. */
export type Row = Figure | Unmeasured;

/** A figure from samples; its value is their median. */
export function figure(
  name: string,
  { median, min, max }: Summary,
  { unit, goal = null, better = "lower" }: Pick<Figure, "unit"> & Partial<Pick<Figure, "goal" | "better">>,
): Figure {
  return { name, value: median, unit, goal, better, spread: [min, max] };
}

/** Whether a figure keeps its goal; null if it has none. */
export function meetsGoal({ value, goal, better }: Figure): boolean | null {
  if (goal === null) return null;
  return better === "lower" ? value <= goal : value >= goal;
}

/** The measured figures as `--json` prints them. */
export function figuresJson(rows: readonly Row[]): string {
  const figures = rows.flatMap((row) =>
    "unmeasured" in row ? [] : [{
      name: row.name,
      value: row.value,
      unit: row.unit,
      goal: row.goal,
      better: row.better,
    }]
  );
  return JSON.stringify({ figures }, null, 2);
}
