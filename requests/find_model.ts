/** Which model paints. */

import type { ModelCatalog, UsableModel } from "../compute/model/catalog.ts";
import type { Fail } from "./fail.ts";
import type { Maybe } from "../problems.ts";

/** The model of a name, or the first usable one; undefined where there is none, which is then noted. */
export function findModel(name: Maybe<string>, catalog: ModelCatalog, fail: Fail): UsableModel | undefined {
  const entries = catalog.list();
  const usable = entries.flatMap((entry) => "config" in entry ? [entry] : []);
  if (name === null || name === undefined) {
    if (usable[0] === undefined) {
      fail("UNKNOWN_MODEL", "model", name, "must name a model, and the models folder has none");
    }
    return usable[0];
  }
  const entry = entries.find((e) => e.name === name);
  if (entry === undefined) {
    fail("UNKNOWN_MODEL", "model", name, `must be one of ${usable.map((model) => model.name).join(", ")}`);
    return undefined;
  }
  if ("refused" in entry) {
    fail("UNSUPPORTED", "model", name, `must be a usable model; ${entry.refused}`);
    return undefined;
  }
  return entry;
}
