/** Ids and links of a workflow's JSON, whose kind nothing guarantees. */

import type { ComfyLink } from "./node.ts";

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
