/** Cells of the layout's grid. */

import { InvalidInputError } from "../../errors.ts";
import { boxFill, boxMask } from "./box.ts";
import type { ShapeKind } from "./kind.ts";

/** A cell, counted from 0 in the order the grid's ratios are written. */
export interface CellShape {
  readonly kind: "CELL";
  readonly cell: number;
}

export const CELL: ShapeKind<CellShape, number> = {
  kind: "CELL",
  field: "cell",
  input: {
    description: "A cell of the layout's grid, counted from 0 in the order the ratios are written.",
    type: "Int",
    keywords: { minimum: 0 },
  },
  output: {
    name: "CellGeometry",
    description: "A cell of the layout's grid.",
    fields: {
      cell: { type: "Int", description: "Counted from 0 in the order the ratios are written." },
    },
  },

  resolve(value, path, { problems, cells }) {
    const cell = problems.number(value, path, {});
    if (Number.isNaN(cell)) return undefined;
    if (cells === null) {
      problems.add("INVALID_GEOMETRY", path, value, "needs a grid, the layout has none");
      return undefined;
    }
    if (!Number.isInteger(cell) || cell < 0 || cell >= cells) {
      const last = Number.isNaN(cells) ? "" : ` to ${cells - 1}`;
      problems.add("OUT_OF_RANGE", path, value, `must be a whole number from 0${last}`);
      return undefined;
    }
    return { kind: "CELL", cell };
  },

  spec: ({ cell }) => cell,
  cell: ({ cell }) => cell,

  mask(shape, canvas, path) {
    const cell = canvas.cells[shape.cell];
    if (cell === undefined) {
      throw new InvalidInputError("OUT_OF_RANGE", path, shape.cell, "must be a cell of the layout's grid");
    }
    return boxMask(cell, canvas);
  },

  fill(shape, canvas, reach) {
    const cell = canvas.cells[shape.cell];
    return cell === undefined ? "" : boxFill(cell, canvas, reach);
  },
};
