/** Whether data from elsewhere has the types that the API's inputs have: what is drawn and edited relies on them. */

import { INPUT_SHAPES } from "../api/input_shapes.ts";

const SCALARS: Readonly<Record<string, readonly string[]>> = {
  Boolean: ["boolean"],
  Float: ["number"],
  ID: ["string"],
  Int: ["number"],
  Seed: ["number", "string"],
  String: ["string"],
};

/**
 * What is wrong with the first field that is not of its type; null if all are. Fields that the type does not have are not
 * looked at, nor are ranges and names: the dry run tells of those.
 * @param type As the schema writes it, for instance `GenerateInput` or `[RegionInput!]`.
 */
export function misfit(value: unknown, type: string, path = "input"): string | null {
  const of = type.replace(/!$/, "");
  const wrong = `${path} must be of type ${type}`;
  if (value === null || value === undefined) return of === type ? null : wrong;
  if (of.startsWith("[")) {
    if (!Array.isArray(value)) return wrong;
    return firstOf(value.map((item, i) => () => misfit(item, of.slice(1, -1), `${path}.${i}`)));
  }
  const shape = INPUT_SHAPES[of];
  // All others are enums, and a file, which JSON does not have.
  if (shape === undefined) return (SCALARS[of] ?? ["string"]).includes(typeof value) ? null : wrong;
  if (typeof value !== "object" || Array.isArray(value)) return wrong;
  const fields = value as Readonly<Record<string, unknown>>;
  return firstOf(Object.entries(shape).map(([name, type]) => () => misfit(fields[name], type, `${path}.${name}`)));
}

function firstOf(looks: readonly (() => string | null)[]): string | null {
  for (const look of looks) {
    const found = look();
    if (found !== null) return found;
  }
  return null;
}
