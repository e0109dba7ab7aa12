/** The bench's table. */

import { type Figure, meetsGoal, type Row } from "./figure.ts";

const HEADER = ["figure", "value", "unit", "spread", "goal", ""] as const;
type Cells = readonly [string, string, string, string, string, string];

/** An aligned table of all rows: figure, value, unit, spread, goal, and whether the goal is met. */
export function renderTable(rows: readonly Row[]): string {
  const lines: Cells[] = [HEADER, ...rows.map(cellsOf)];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines.map((cells) =>
    cells.map((cell, column) => column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))
      .join("  ").trimEnd()
  ).join("\n");
}

function cellsOf(row: Row): Cells {
  if ("unmeasured" in row) return [row.name, "-", row.unmeasured, "", "", ""];
  const met = meetsGoal(row);
  return [
    row.name,
    number(row.value),
    row.unit,
    row.spread === null ? "" : row.spread.map(number).join(" - "),
    goal(row),
    met === null ? "" : met ? "met" : "NOT MET",
  ];
}

function goal({ goal, better }: Figure): string {
  return goal === null ? "" : `${better === "lower" ? "<=" : ">="} ${goal}`;
}

/** Three or more significant digits. */
function number(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 3 : 4);
}
