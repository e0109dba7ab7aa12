/** Checks of one region. */

import type { FieldPath } from "../../errors.ts";
import { type Geometry, PLAIN_REGION, type Region } from "../layout.ts";
import { BASE_RATIO, FEATHER, GUIDANCE, SEED, WEIGHT, WINDOW } from "../limits.ts";
import type { Usage } from "../shapes/kind.ts";
import type { Problems } from "../../problems.ts";
import { isFoundByWords } from "../words.ts";
import { resolveGeometry } from "./resolve_geometry.ts";
import { resolveLoras } from "./resolve_loras.ts";

/** A region whose geometry is still open: given, to be taken from the grid (null), or broken (undefined). */
export interface ReadRegion {
  readonly region: Omit<Region, "geometry">;
  readonly geometry: Geometry | null | undefined;
}

/**
 * Reads one region: every field checked, every default filled in.
 *
 * @param index Its position among the regions, which names it where it has no name.
 * @param cells The number of cells in the layout's grid; null without a grid, NaN where the grid itself is broken.
 * @param usage What the regions before it have used of the layout's limits.
 */
export function readRegion(
  spec: unknown,
  index: number,
  path: FieldPath,
  cells: number | null,
  usage: Usage,
  problems: Problems,
): ReadRegion {
  const known = problems.fields(spec, path);
  const fields = known ?? {};
  const at = (field: string) => [...path, field];
  const optional = (field: string, rule: { readonly min: number; readonly max: number }) =>
    fields[field] === null || fields[field] === undefined ? null : problems.number(fields[field], at(field), rule);

  const name = problems.text(fields["name"], at("name"), `region ${index + 1}`);
  if (name.trim() === "") problems.add("INVALID_VALUE", at("name"), name, "must not be empty");
  const geometry = fields["geometry"] === null || fields["geometry"] === undefined
    ? (known === undefined ? undefined : null)
    : resolveGeometry(fields["geometry"], at("geometry"), cells, usage, problems);
  const prompt = known === undefined ? "" : problems.text(fields["prompt"], at("prompt"));
  const style = problems.text(fields["style"], at("style"), "");
  const negativePrompt = fields["negativePrompt"] === null || fields["negativePrompt"] === undefined
    ? null
    : problems.text(fields["negativePrompt"], at("negativePrompt"));
  const weight = problems.number(fields["weight"], at("weight"), { fallback: PLAIN_REGION.weight, ...WEIGHT });
  const baseRatio = problems.number(fields["baseRatio"], at("baseRatio"), {
    fallback: PLAIN_REGION.baseRatio,
    ...BASE_RATIO,
  });
  const feather = problems.number(fields["feather"], at("feather"), { fallback: PLAIN_REGION.feather, ...FEATHER });
  const z = problems.number(fields["z"], at("z"), { fallback: PLAIN_REGION.z });
  const start = problems.number(fields["start"], at("start"), { fallback: PLAIN_REGION.start, ...WINDOW });
  const end = problems.number(fields["end"], at("end"), { fallback: PLAIN_REGION.end, ...WINDOW });
  if (start >= end) problems.add("OUT_OF_RANGE", at("end"), end, `must be greater than start, which is ${start}`);
  const guidanceScale = optional("guidanceScale", GUIDANCE);
  const seed = optional("seed", SEED);
  if (seed !== null && !Number.isNaN(seed) && !Number.isInteger(seed)) {
    problems.add("OUT_OF_RANGE", at("seed"), seed, "must be a whole number");
  }
  if (seed !== null && geometry && isFoundByWords(geometry)) {
    const rule =
      "must be null for a region that is found by words: the noise is drawn before it is known where it lies";
    problems.add("INVALID_VALUE", at("seed"), seed, rule);
  }
  if (geometry?.kind === "REST" && feather > 0) {
    problems.add("INVALID_VALUE", at("feather"), feather, "must be 0 for the rest: it follows the others' borders");
  }
  const loras = resolveLoras(fields["loras"], at("loras"), problems);
  const enabled = problems.flag(fields["enabled"], at("enabled"), PLAIN_REGION.enabled);
  return {
    region: {
      name,
      prompt,
      style,
      negativePrompt,
      weight,
      baseRatio,
      feather,
      z,
      start,
      end,
      guidanceScale,
      seed,
      enabled,
      ...(loras.length === 0 ? {} : { loras }),
    },
    geometry,
  };
}
