/** Solving the handful of linear equations that give a multistep method its coefficients. */

import { nth } from "../../elements.ts";

/**
 * The x of `matrix` x = `right`, by Gaussian elimination with row pivoting.
 * @throws {RangeError} if the matrix is singular.
 */
export function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, nth(right, i)]);
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows.slice(k).reduce((best, row) => Math.abs(nth(row, k)) > Math.abs(nth(best, k)) ? row : best);
    if (nth(pivot, k) === 0) throw new RangeError("Cannot solve the equations: their matrix is singular");
    const ordered = [pivot, ...rows.slice(k).filter((row) => row !== pivot)];
    rows.splice(k, ordered.length, ...ordered);
    for (const row of rows.slice(k + 1)) {
      const factor = nth(row, k) / nth(pivot, k);
      for (let c = k; c < row.length; c++) row[c] = nth(row, c) - factor * nth(pivot, c);
    }
  }
  const x: number[] = new Array(rows.length).fill(0);
  for (const [k, row] of [...rows.entries()].reverse()) {
    const known = x.reduce((sum, value, c) => c > k ? sum + value * nth(row, c) : sum, 0);
    x[k] = (nth(row, rows.length) - known) / nth(row, k);
  }
  return x;
}
