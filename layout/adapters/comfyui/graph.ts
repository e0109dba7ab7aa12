/** ComfyUI's workflow files, both kinds, as one graph of nodes with named inputs. */

import type { FieldPath } from "../../../errors.ts";
import type { Findings } from "../adapted.ts";

/** An output of a node. */
export interface ComfyLink {
  readonly node: string;
  readonly slot: number;
}

/** What an input is connected to, or the value that stands there. */
export type ComfyInput = { readonly link: ComfyLink } | { readonly value: unknown };

export interface ComfyNode {
  readonly id: string;
  readonly type: string;
  readonly inputs: ReadonlyMap<string, ComfyInput>;
  /** Bypassed in the editor: hands on what it gets. */
  readonly bypassed: boolean;
}

/** Nodes by id, in the order of the file. */
export type ComfyGraph = ReadonlyMap<string, ComfyNode>;

/** The editor's files name no widget values, so their order has to be known. */
const WIDGETS: ReadonlyMap<string, readonly string[]> = new Map([
  ["CLIPTextEncode", ["text"]],
  ["CLIPTextEncodeSDXL", [
    "width",
    "height",
    "crop_w",
    "crop_h",
    "target_width",
    "target_height",
    "text_g",
    "text_l",
  ]],
  ["ConditioningSetArea", ["width", "height", "x", "y", "strength"]],
  ["ConditioningSetAreaPercentage", ["width", "height", "x", "y", "strength"]],
  ["ConditioningSetAreaStrength", ["strength"]],
  ["ConditioningSetTimestepRange", ["start", "end"]],
  ["EmptyLatentImage", ["width", "height", "batch_size"]],
  ["EmptySD3LatentImage", ["width", "height", "batch_size"]],
  ["PrimitiveNode", ["value"]],
]);

/** The editor's number for a bypassed node. */
const BYPASS = 4;

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
  const fields = record(file);
  const graph = fields === undefined
    ? undefined
    : Array.isArray(fields["nodes"])
    ? editorGraph(fields["nodes"], fields["links"])
    : apiGraph(record(fields["prompt"]) ?? fields);
  if (graph !== undefined && graph.size > 0) return graph;
  findings.problem("INVALID_VALUE", path, json, "must be a workflow with nodes, as ComfyUI saves or sends it");
  return undefined;
}

/** `{ "3": { "class_type": ..., "inputs": { "model": ["4", 0], "steps": 20 } } }` */
function apiGraph(nodes: Fields): ComfyGraph {
  const graph = new Map<string, ComfyNode>();
  for (const [id, value] of Object.entries(nodes)) {
    const node = record(value);
    const type = node?.["class_type"];
    if (node === undefined || typeof type !== "string") continue;
    const inputs = Object.entries(record(node["inputs"]) ?? {}).map(([name, input]): [string, ComfyInput] => {
      const link = Array.isArray(input) ? linkOf(input[0], input[1]) : undefined;
      return [name, link === undefined ? { value: input } : { link }];
    });
    graph.set(id, { id, type, inputs: new Map(inputs), bypassed: false });
  }
  return graph;
}

/** `{ "nodes": [{ "id": 3, "type": ..., "inputs": [{ "name", "link" }], "widgets_values": [...] }], "links": [...] }` */
function editorGraph(nodes: readonly unknown[], links: unknown): ComfyGraph {
  const sources = new Map<unknown, ComfyLink>();
  for (const item of Array.isArray(links) ? links : []) {
    // A link is [id, from node, from slot, to node, to slot, type], or an object of the same in newer files.
    const fields = record(item);
    const [id, node, slot] = Array.isArray(item)
      ? item
      : [fields?.["id"], fields?.["origin_id"], fields?.["origin_slot"]];
    const link = linkOf(node, slot);
    if (link !== undefined && idOf(id) !== undefined) sources.set(id, link);
  }
  const graph = new Map<string, ComfyNode>();
  for (const item of nodes) {
    const node = record(item);
    const id = idOf(node?.["id"]);
    const type = node?.["type"];
    if (node === undefined || id === undefined || typeof type !== "string") continue;
    const inputs = new Map<string, ComfyInput>();
    const widgets = node["widgets_values"];
    const named = Array.isArray(widgets)
      ? (WIDGETS.get(type) ?? []).map((name, i) => [name, widgets[i]] as const)
      : Object.entries(record(widgets) ?? {});
    for (const [name, value] of named) inputs.set(name, { value });
    for (const entry of Array.isArray(node["inputs"]) ? node["inputs"] : []) {
      const input = record(entry);
      const link = sources.get(input?.["link"] ?? undefined);
      if (typeof input?.["name"] === "string" && link !== undefined) inputs.set(input["name"], { link });
    }
    graph.set(id, { id, type, inputs, bypassed: node["mode"] === BYPASS });
  }
  return graph;
}

type Fields = { readonly [field: string]: unknown };

function record(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : undefined;
}

function idOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function linkOf(node: unknown, slot: unknown): ComfyLink | undefined {
  const id = idOf(node);
  return id === undefined || typeof slot !== "number" ? undefined : { node: id, slot };
}
