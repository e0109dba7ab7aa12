/** Problems of two kinds in one list: those of the dry run, and those that painting found, until their values change. */

import { effect } from "@preact/signals";
import { draft } from "../draft/store.ts";
import { showProblem } from "../fields/show_problem.ts";
import { valueAt } from "./check_input.ts";
import { type Problem, problems } from "./dry_run.ts";

let fromDryRun: readonly Problem[] = [];

/** What stood at a problem's place when it was found. */
const found = new WeakMap<Problem, unknown>();

/**
 * Puts the problems of the latest dry run in the place of those of the one before it, and forgets others whose values have
 * changed.
 * @param latest By default those of the one before: nothing that a dry run looks at has changed.
 */
export function takeProblems(latest: readonly Problem[] = fromDryRun): void {
  const others = problems.value.filter((problem) =>
    !fromDryRun.includes(problem) && found.get(problem) === valueAt(draft.peek(), problem.path)
  );
  fromDryRun = latest;
  if (problems.value.length > 0 || latest.length > 0) problems.value = together(others);
}

/** Those of the dry run, and others where it has none. */
function together(others: readonly Problem[]): readonly Problem[] {
  const places = new Set(fromDryRun.map(placeOf));
  return [...fromDryRun, ...others.filter((problem) => !places.has(placeOf(problem)))];
}

effect(() => {
  const all = problems.value;
  const unseen = all.filter((problem) => !found.has(problem));
  for (const problem of unseen) found.set(problem, valueAt(draft.peek(), problem.path));
  // What painting found is gone to at once: somebody waits for the picture.
  const [first] = unseen.filter((problem) => !fromDryRun.includes(problem));
  if (first !== undefined) showProblem(first);
  // Whoever paints puts a list of its own here; what the dry run found holds all the same.
  if (!fromDryRun.every((problem) => all.includes(problem))) problems.value = together(all);
});

function placeOf({ path }: Problem): string {
  return path.join(".");
}
