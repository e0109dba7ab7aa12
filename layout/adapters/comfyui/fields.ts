/** Reading values of a workflow's JSON whose kind nothing guarantees. */

import type { ComfyLink } from "./node.ts";

export type Fields = { readonly [field: string]: unknown };

/** The fields of an object; undefined for anything else. */
export function recordOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : undefined;
}

/** The items of a list; none for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Ids are texts in one format and numbers in the other. */
export function idOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** An output of a node; undefined where that is not what stands there. */
export function linkOf(node: unknown, slot: unknown): ComfyLink | undefined {
  const id = idOf(node);
  return id === undefined || typeof slot !== "number" ? undefined : { node: id, slot };
}

/** `5:12` -> `5:`: the subgraph that a node stands in. */
export function prefixOf(id: string): string {
  return id.slice(0, id.lastIndexOf(":") + 1);
}
