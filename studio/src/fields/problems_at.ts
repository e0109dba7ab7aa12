/** The problems of one field. */

import { type Problem, problems } from "../dry_run/dry_run.ts";

/** Those at a path, `layout.regions.1.weight`, and below it. */
export function problemsAt(path: string): readonly Problem[] {
  return problems.value.filter((problem) => {
    const place = problem.path.join(".");
    return place === path || place.startsWith(`${path}.`);
  });
}

/** What a field says of a problem of its own: the rule, as a sentence. Where it stands is seen. */
export function sentence({ rule, message }: Problem): string {
  const text = rule ?? message.replace(/^input[^\s:]*: /, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
