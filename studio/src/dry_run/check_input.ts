/** The draft as `validateLayout` takes it, and its problems as it tells them. */

import type { ValidateLayoutInput } from "../api/generated.ts";
import { type Draft, layoutInput } from "../draft/draft.ts";
import type { Problem } from "./problem.ts";

/** The draft as the dry run takes it: all but what decides nothing of how a picture is painted. */
export function checkInput({ layout, settings }: Draft): ValidateLayoutInput {
  const { expiresAfterSeconds: _, format: _1, previews: _2, priority: _3, seed: _4, ...looked } = settings;
  return { ...looked, layout: layoutInput(layout) };
}

/** A problem as the API tells it. */
interface TypedProblem {
  readonly path: readonly string[];
  readonly message: string;
  readonly rule: string;
  readonly value: string;
}

/** A problem of an input as one of the draft: its path begins at the layout or at a setting. */
export function problemOf({ path, message, rule, value }: TypedProblem): Problem {
  return { path: path[0] === "input" ? path.slice(1) : path, message, rule: `${rule}, is ${value}` };
}

/** `Variable "$input" got invalid value 12.5 at "input.width"; Int cannot represent non-integer value: 12.5` */
const COERCION = /^Variable "\$input" got invalid value (.+?)(?: at "input\.([^"]+)")?; (.+)$/s;

/** What is wrong with a value of which GraphQL itself says that it is none of its type; undefined for other errors. */
export function typeProblem(message: string): Problem | undefined {
  const found = COERCION.exec(message);
  if (found === null) return undefined;
  const [, , place = "", rule = message] = found;
  return { path: place.split(/[.[\]]+/).filter((part) => part !== ""), message, rule };
}

/** What stands at a path of the draft, as problems name it; undefined where there is nothing. */
export function valueAt({ layout, settings }: Draft, path: readonly string[]): unknown {
  let value: unknown = { ...settings, layout };
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
