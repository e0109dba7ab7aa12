/** What differs between two layouts, in the form in which the server tells it of saved ones. */

import type { LayoutDiffQuery, LayoutInput } from "../api/generated.ts";
import { spelledOut } from "./spelled_out.ts";

export type LayoutChange = Extract<LayoutDiffQuery["layoutDiff"], { __typename: "LayoutDiff" }>["changes"][number];

type Fields = Readonly<Record<string, unknown>>;

/** The changes from one layout to another: fields of the layout, regions that went, came or changed, their order. */
export function layoutChanges(before: LayoutInput, after: LayoutInput): readonly LayoutChange[] {
  const { regions: old, ...oldFields } = spelledOut(before);
  const { regions: recent, ...recentFields } = spelledOut(after);
  const was = new Map(old.map((region) => [region.name ?? "", region]));
  const is = new Map(recent.map((region) => [region.name ?? "", region]));
  const kept = [...was.keys()].filter((name) => is.has(name));
  const came = [...is.keys()].filter((name) => !was.has(name));
  const reordered = !same([...kept, ...came], [...is.keys()]);
  return [
    ...fieldChanges(oldFields, recentFields, [], null),
    ...[...was].filter(([name]) => !is.has(name)).map(([name, region]) =>
      change("REMOVED", ["regions", name], name, region, null)
    ),
    ...[...is].flatMap(([name, region]) => {
      const earlier = was.get(name);
      return earlier === undefined
        ? [change("ADDED", ["regions", name], name, null, region)]
        : fieldChanges({ ...earlier }, { ...region }, ["regions", name], name);
    }),
    ...(reordered ? [change("CHANGED", ["regions"], null, [...was.keys()], [...is.keys()])] : []),
  ];
}

function fieldChanges(before: Fields, after: Fields, path: readonly string[], region: string | null): LayoutChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    .filter((name) => !same(before[name], after[name]))
    .map((name) => change("CHANGED", [...path, name], region, before[name] ?? null, after[name] ?? null));
}

function change(
  kind: LayoutChange["kind"],
  path: readonly string[],
  region: string | null,
  before: unknown,
  after: unknown,
): LayoutChange {
  return { kind, path, region, before, after };
}

/** Whether two values of JSON are equal; fields that are null or not there are the same. */
function same(one: unknown, other: unknown): boolean {
  if (Object.is(one ?? null, other ?? null)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [a, b] = [one as Fields, other as Fields];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => same(a[name], b[name]));
}
