/** Which model paints. */

import type { CatalogEntry, UsableModel } from "../compute/model/catalog.ts";
import type { Fail } from "./fail.ts";
import type { Maybe } from "../problems.ts";
import type { KnownModels } from "./known_models.ts";

/** The model of a name, or the first usable one; undefined where there is none, which is then noted. */
export function findModel(name: Maybe<string>, catalog: KnownModels, fail: Fail): UsableModel | undefined {
  const entry = find(name, catalog);
  if (entry !== undefined && "config" in entry) return entry;
  catalog.lookAgain(); // what was put there a moment ago is not refused
  const now = find(name, catalog);
  if (now !== undefined && "config" in now) return now;

  if (name === null || name === undefined) {
    fail("UNKNOWN_MODEL", "model", name, "must name a model, and the models folder has none");
  } else if (now === undefined) {
    const usable = catalog.list().flatMap((entry) => "config" in entry ? [entry.name] : []);
    fail("UNKNOWN_MODEL", "model", name, `must be one of ${usable.join(", ")}`);
  } else {
    fail("UNSUPPORTED", "model", name, `must be a usable model; ${now.refused}`);
  }
  return undefined;
}

function find(name: Maybe<string>, catalog: KnownModels): CatalogEntry | undefined {
  return name === null || name === undefined ? catalog.firstUsable() : catalog.find(name);
}
