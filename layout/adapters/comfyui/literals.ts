/** The values that stand in a node, for messages: what is left out is said. */

import { quote } from "../../../errors.ts";
import type { ComfyNode } from "./node.ts";

/** Inputs that say nothing about the picture. */
const SILENT: ReadonlySet<string> = new Set([
  ...["control_after_generate", "upload", "filename_prefix", "preview_method", "vae_decode", "image_output"],
  ...["link_id", "save_prefix", "speak_and_recognation", "weight_dtype", "inputcount"],
]);

/** Values that stand in a node and may say something. */
export function literals(
  node: ComfyNode,
  read: ReadonlySet<string> = new Set(),
): readonly (readonly [string, unknown])[] {
  return [...node.inputs].flatMap(([name, input]) => {
    if ("link" in input || read.has(name) || SILENT.has(name)) return [];
    const { value } = input;
    return value === null || value === undefined || value === "" ? [] : [[name, value] as const];
  });
}

/** `: text "a fox", strength 0.5`; empty where there are none. */
export function listed(values: readonly (readonly [string, unknown])[]): string {
  return values.length === 0 ? "" : `: ${values.map(([name, value]) => `${name} ${quote(value)}`).join(", ")}`;
}
