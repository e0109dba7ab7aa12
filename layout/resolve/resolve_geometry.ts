/** Checks of where a region lies: that it has one geometry, not too deep, and the layout not too many. */

import type { FieldPath } from "../../errors.ts";
import type { Problems } from "../../problems.ts";
import type { AnyGeometry, Usage } from "../shapes/kind.ts";
import { GEOMETRIES, type Geometry } from "../shapes/list.ts";
import { MAX_SHAPES } from "../shapes/parts.ts";

/** How many unions and subtractions may stand inside of one another, the shapes at their ends included. */
const MAX_DEPTH = 8;

const FIELDS = GEOMETRIES.map(({ field }) => field);

/** What the checks of one region's geometry share. */
interface Shared {
  readonly problems: Problems;
  readonly cells: number | null;
  /** Where the region's geometry stands. */
  readonly root: FieldPath;
  readonly usage: Usage;
}

/**
 * Resolves a region's geometry, a one-of object. Undefined where it has problems, which are then noted.
 *
 * @param cells The number of cells in the layout's grid; null without a grid, NaN where the grid itself is broken.
 * @param usage What the layout's other geometries have used; this one's is added.
 */
export function resolveGeometry(
  spec: unknown,
  path: FieldPath,
  cells: number | null,
  usage: Usage,
  problems: Problems,
): Geometry | undefined {
  // Whatever kind of the list has read it.
  return read(spec, path, 1, { problems, cells, root: path, usage }) as Geometry | undefined;
}

function read(spec: unknown, path: FieldPath, depth: number, shared: Shared): AnyGeometry | undefined {
  const { problems, root, usage } = shared;
  if (++usage.shapes > MAX_SHAPES) {
    // Noted once: every shape beyond the limit is one too many.
    if (usage.shapes === MAX_SHAPES + 1) {
      problems.add("INVALID_GEOMETRY", root, spec, `must leave the layout at most ${MAX_SHAPES} shapes`);
    }
    return undefined;
  }
  if (depth > MAX_DEPTH) {
    problems.add("INVALID_GEOMETRY", path, spec, `must be at most ${MAX_DEPTH} shapes deep`);
    return undefined;
  }
  const fields = problems.fields(spec, path);
  if (fields === undefined) return undefined;
  const set = GEOMETRIES.filter(({ field }) => fields[field] !== null && fields[field] !== undefined);
  const [kind] = set;
  if (kind === undefined || set.length > 1) {
    const rule = `must have exactly one of ${FIELDS.slice(0, -1).join(", ")} and ${FIELDS.at(-1)}`;
    problems.add("INVALID_GEOMETRY", path, set.length === 0 ? spec : set.map(({ field }) => field), rule);
    return undefined;
  }
  return kind.resolve(fields[kind.field], [...path, kind.field], {
    ...shared,
    nested: depth > 1,
    shape: (part, at) => read(part, at, depth + 1, shared),
  });
}
