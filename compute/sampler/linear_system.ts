/** Solving the handful of linear equations that give a multistep method its coefficients. */

/**
 * The x of `matrix` x = `right`, by Gaussian elimination with row pivoting.
 * @throws {RangeError} if the matrix is singular.
 */
export function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, entry(right, i)]);
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows.slice(k).reduce((best, row) => Math.abs(entry(row, k)) > Math.abs(entry(best, k)) ? row : best);
    if (entry(pivot, k) === 0) throw new RangeError("Cannot solve the equations: their matrix is singular");
    const ordered = [pivot, ...rows.slice(k).filter((row) => row !== pivot)];
    rows.splice(k, ordered.length, ...ordered);
    for (const row of rows.slice(k + 1)) {
      const factor = entry(row, k) / entry(pivot, k);
      for (let c = k; c < row.length; c++) row[c] = entry(row, c) - factor * entry(pivot, c);
    }
  }
  const x: number[] = new Array(rows.length).fill(0);
  for (const [k, row] of [...rows.entries()].reverse()) {
    const known = x.reduce((sum, value, c) => c > k ? sum + value * entry(row, c) : sum, 0);
    x[k] = (entry(row, rows.length) - known) / entry(row, k);
  }
  return x;
}

function entry(row: readonly number[], i: number): number {
  const value = row[i];
  if (value === undefined) throw new RangeError(`Cannot solve the equations: no entry ${i}`);
  return value;
}
