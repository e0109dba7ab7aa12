/** ComfyUI's workflow files, both kinds, as one graph of nodes with named inputs. */

import type { FieldPath } from "../../../errors.ts";
import type { Findings } from "../adapted.ts";
import { editorGraph } from "./editor.ts";
import { type JsonObject, objectOf } from "../json.ts";
import { linkOf } from "./fields.ts";
import type { ComfyGraph, ComfyInput, ComfyNode } from "./node.ts";

/** Reads the text of a workflow: the editor's format or the API's. Undefined where it is neither, which is then noted. */
export function readComfyGraph(json: string, path: FieldPath, findings: Findings): ComfyGraph | undefined {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    findings.problem("INVALID_VALUE", path, json, `must be the JSON of a workflow: ${reason}`);
    return undefined;
  }
  const fields = objectOf(file);
  const graph = fields === undefined
    ? undefined
    : Array.isArray(fields["nodes"])
    ? editorGraph(fields, path, findings)
    : apiGraph(objectOf(fields["prompt"]) ?? fields);
  if (graph !== undefined && graph.size > 0) return graph;
  if (findings.problems.length === 0) {
    findings.problem("INVALID_VALUE", path, json, "must be a workflow with nodes, as ComfyUI saves or sends it");
  }
  return undefined;
}

/** `{ "3": { "class_type": ..., "inputs": { "model": ["4", 0], "steps": 20 } } }` */
function apiGraph(nodes: JsonObject): ComfyGraph {
  const graph = new Map<string, ComfyNode>();
  for (const [id, value] of Object.entries(nodes)) {
    const node = objectOf(value);
    const type = node?.["class_type"];
    if (node === undefined || typeof type !== "string") continue;
    const inputs = Object.entries(objectOf(node["inputs"]) ?? {}).map(([name, input]): [string, ComfyInput] => {
      const link = Array.isArray(input) && input.length === 2 ? linkOf(input[0], input[1]) : undefined;
      return [name, link === undefined ? { value: input } : { link }];
    });
    graph.set(id, { id, type, inputs: new Map(inputs), mode: "ACTIVE", slots: null, outlets: null });
  }
  return graph;
}
