/** Problems of two kinds in one list: those of the dry run, and those that painting found, until their values change. */

import { effect } from "@preact/signals";
import { draft } from "../draft/store.ts";
import { showProblem } from "../fields/show_problem.ts";
import { valueAt } from "./check_input.ts";
import { type Problem, problems } from "./dry_run.ts";

let fromDryRun: readonly Problem[] = [];

/** What stood at a problem's place when it was found. */
const found = new WeakMap<Problem, unknown>();

/** Puts the problems of the latest dry run in the place of those of the one before it. */
export function takeProblems(latest: readonly Problem[]): void {
  const places = new Set(latest.map(placeOf));
  const others = problems.value.filter((problem) =>
    !fromDryRun.includes(problem) && !places.has(placeOf(problem)) &&
    found.get(problem) === valueAt(draft.peek(), problem.path)
  );
  fromDryRun = latest;
  if (problems.value.length > 0 || latest.length > 0) problems.value = [...latest, ...others];
}

// What painting found is gone to at once: nobody is typing there.
effect(() => {
  const unseen = problems.value.filter((problem) => !found.has(problem));
  for (const problem of unseen) found.set(problem, valueAt(draft.peek(), problem.path));
  const [first] = unseen.filter((problem) => !fromDryRun.includes(problem));
  if (first !== undefined) showProblem(first);
});

function placeOf({ path }: Problem): string {
  return path.join(".");
}
