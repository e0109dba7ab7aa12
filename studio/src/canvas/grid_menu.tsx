/** Ready-made grids, each drawn small. */

import type { JSX } from "preact";
import type { GridInput } from "../api/generated.ts";
import { cellsOf } from "../draft/places.ts";
import { draft } from "../draft/store.ts";
import { cutCanvas } from "./actions.ts";
import { Popup } from "./popup.tsx";
import { note } from "./tool.ts";

const GRIDS: readonly (readonly [name: string, grid: GridInput])[] = [
  ["2 columns", { direction: "COLUMNS", ratios: "1,1" }],
  ["3 columns", { direction: "COLUMNS", ratios: "1,1,1" }],
  ["4 columns", { direction: "COLUMNS", ratios: "1,1,1,1" }],
  ["Wide middle", { direction: "COLUMNS", ratios: "1,2,1" }],
  ["2 rows", { direction: "ROWS", ratios: "1,1" }],
  ["3 rows", { direction: "ROWS", ratios: "1,1,1" }],
  ["2 by 2", { direction: "COLUMNS", ratios: "1,1,1;1,1,1" }],
  ["3 by 3", { direction: "COLUMNS", ratios: "1,1,1,1;1,1,1,1;1,1,1,1" }],
  ["1 above 2", { direction: "COLUMNS", ratios: "1;1,1,1" }],
  ["2 above 1", { direction: "COLUMNS", ratios: "1,1,1;1" }],
  ["1 beside 2", { direction: "ROWS", ratios: "1,1;1;1" }],
];

export function GridMenu(): JSX.Element {
  const choose = (name: string, grid: GridInput | null) => {
    cutCanvas(grid);
    note.value = grid === null
      ? "No grid: every region has its own shape"
      : `${name}: drag the dividers, or move them by arrow keys`;
  };
  return (
    <Popup icon="grid" label="Grid" kind="grids">
      {GRIDS.map(([name, grid]) => (
        <button key={name} type="button" onClick={() => choose(name, grid)}>
          <svg viewBox="-1 -1 38 26" width="38" height="26" aria-hidden="true" focusable="false">
            {cellsOf({ grid }).map(({ x, y, width, height }, i) => (
              <rect
                key={i}
                x={36 * x}
                y={24 * y}
                width={36 * width}
                height={24 * height}
                fill="none"
                stroke="currentColor"
              />
            ))}
          </svg>
          {name}
        </button>
      ))}
      {draft.value.layout.grid && <button type="button" onClick={() => choose("", null)}>No grid</button>}
    </Popup>
  );
}
