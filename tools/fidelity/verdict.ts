/** What counts as shown, given what the judge makes of a region's windows; the rule of `training/beds/verdict.py`. */

/** Windows that must agree: one that shows half a dog may look like a cookie. */
const WITNESSES = 3;

/** What an object's score must exceed. */
const LEAST_SCORE = 0.35;

/** The judge's name for no object. */
export const NONE = "none";

/** An object and how surely it is shown, 0 to 1. */
export interface Sighting {
  readonly name: string;
  readonly score: number;
}

/**
 * Every object by how surely it is shown, surest first: the mean of its probability in the three windows that show it
 * best. "none" is no object.
 * @param names Of the columns.
 * @param windows A row of probabilities for each window, at least three.
 * @throws {RangeError} on fewer windows, or a row that is not as long as `names`.
 */
export function sightings(names: readonly string[], windows: readonly Float32Array[]): readonly Sighting[] {
  if (windows.length < WITNESSES) {
    throw new RangeError(`Cannot judge by ${windows.length} windows: it takes ${WITNESSES}`);
  }
  const odd = windows.find((row) => row.length !== names.length);
  if (odd !== undefined) throw new RangeError(`Cannot name ${odd.length} probabilities with ${names.length} names`);
  const scored = names.map((name, i) => {
    const best = windows.map((row) => row[i] ?? 0).sort((a, b) => b - a).slice(0, WITNESSES);
    return { name, score: best.reduce((a, b) => a + b, 0) / WITNESSES };
  });
  return scored.filter(({ name }) => name !== NONE).sort((a, b) => b.score - a.score);
}

/** The object that a region shows: the surest one, if it is sure enough; else null. */
export function shownObject(sighted: readonly Sighting[]): string | null {
  const surest = sighted[0];
  return surest !== undefined && surest.score > LEAST_SCORE ? surest.name : null;
}

/**
 * The name with the largest probability, which is how backgrounds are told.
 * @throws {RangeError} unless there is a probability for every name, and one at least.
 */
export function likeliest(names: readonly string[], probabilities: Float32Array): string {
  const name = names[probabilities.indexOf(Math.max(...probabilities))];
  if (name === undefined || names.length !== probabilities.length) {
    throw new RangeError(`Cannot name ${probabilities.length} probabilities with ${names.length} names`);
  }
  return name;
}
