/** The editor's workflow format: nodes with slots, a table of links, and subgraphs, which are put in place of their nodes. */

import type { FieldPath } from "../../../errors.ts";
import type { Findings } from "../adapted.ts";
import { type JsonObject, listOf, objectOf } from "../json.ts";
import { idOf, linkOf } from "./fields.ts";
import type { ComfyGraph, ComfyInput, ComfyLink, ComfyNode } from "./node.ts";
import { widgetValues } from "./widgets.ts";

/** The editor's numbers for nodes that it does not send as they are. */
const MODES: ReadonlyMap<unknown, ComfyNode["mode"]> = new Map([[2, "MUTED"], [4, "BYPASSED"]]);

/** The ids by which links in a subgraph name its own inputs and outputs. */
const OWN_INPUTS = "-10", OWN_OUTPUTS = "-20";

/** Subgraphs that stand in one another multiply; more are no picture's. */
const MAX_DEPTH = 16, MAX_NODES = 2_000;

/** Nodes have fewer outputs. */
const MAX_SLOTS = 1_000;

/** `{ "nodes": [{ "id": 3, "type": ..., "inputs": [{ "name", "link" }], "widgets_values": [...] }], "links": [...] }` */
export function editorGraph(file: JsonObject, path: FieldPath, findings: Findings): ComfyGraph {
  const reader = new EditorReader(file, path, findings);
  reader.readLevel(file, "", () => undefined, 0);
  return reader.nodes;
}

/** A link as the file has it. */
interface EditorLink {
  readonly from: ComfyLink;
  readonly to: ComfyLink | undefined;
  readonly type: string | undefined;
}

/** What the nodes of one level share. */
interface Level {
  readonly prefix: string;
  readonly links: ReadonlyMap<string, EditorLink>;
  /** The kinds of the nodes' outputs, as far as links tell them. */
  readonly kinds: ReadonlyMap<string, readonly (string | undefined)[]>;
  readonly source: (from: ComfyLink) => ComfyLink | undefined;
  readonly depth: number;
}

class EditorReader {
  readonly nodes = new Map<string, ComfyNode>();
  readonly #definitions = new Map<string, JsonObject>();
  /** Nodes in subgraphs so far. */
  #inside = 0;

  constructor(file: JsonObject, private readonly path: FieldPath, private readonly findings: Findings) {
    for (const item of listOf(objectOf(file["definitions"])?.["subgraphs"])) {
      const definition = objectOf(item), id = idOf(definition?.["id"]);
      if (definition !== undefined && id !== undefined) this.#definitions.set(id, definition);
    }
  }

  /**
   * Reads the nodes of the workflow itself or of one subgraph.
   * @param prefix Put before the nodes' ids.
   * @param outer What the subgraph's own inputs are connected to, by slot.
   * @returns What the subgraph's own outputs are connected to, by slot.
   */
  readLevel(
    level: JsonObject,
    prefix: string,
    outer: (slot: number) => ComfyLink | undefined,
    depth: number,
  ): ReadonlyMap<number, ComfyLink> {
    const links = linksOf(level["links"]), kinds = kindsOf(links.values());
    const source = ({ node, slot }: ComfyLink): ComfyLink | undefined =>
      node === OWN_INPUTS && depth > 0 ? outer(slot) : { node: prefix + node, slot };
    for (const item of listOf(level["nodes"])) {
      const node = objectOf(item), id = idOf(node?.["id"]), type = node?.["type"];
      if (node === undefined || id === undefined || typeof type !== "string") continue;
      if (depth > 0 && (++this.#inside > MAX_NODES || depth > MAX_DEPTH)) {
        if (this.findings.problems.length === 0) {
          const rule = `must have at most ${MAX_NODES} nodes in subgraphs, at most ${MAX_DEPTH} deep`;
          this.findings.problem("OUT_OF_RANGE", this.path, type, rule);
        }
        break;
      }
      this.#readNode(node, id, type, { prefix, links, kinds, source, depth });
    }
    const outlets = new Map<number, ComfyLink>();
    for (const { from, to } of links.values()) {
      const link = to?.node === OWN_OUTPUTS ? source(from) : undefined;
      if (to !== undefined && link !== undefined) outlets.set(to.slot, link);
    }
    return outlets;
  }

  #readNode(node: JsonObject, own: string, type: string, level: Level): void {
    const { prefix, links, source, depth } = level;
    const id = prefix + own;
    const entries = listOf(node["inputs"]).map((entry) => objectOf(entry) ?? {});
    const inputs = new Map<string, ComfyInput>(widgetValues(type, node["widgets_values"], entries));
    const slots = entries.map((entry, i) => {
      const link = links.get(idOf(entry["link"]) ?? "");
      const name = typeof entry["name"] === "string" ? entry["name"] : `input ${i}`;
      const from = link === undefined ? undefined : source(link.from);
      if (from !== undefined) inputs.set(name, { link: from });
      return { name, type: typeof entry["type"] === "string" ? entry["type"] : link?.type };
    });
    const outputs = listOf(node["outputs"]).map((output) => {
      const kind = objectOf(output)?.["type"];
      return typeof kind === "string" ? kind : undefined;
    });
    const mode = MODES.get(node["mode"]) ?? "ACTIVE";
    const definition = this.#definitions.get(type);
    const kinds = outputs.length > 0 ? outputs : level.kinds.get(own) ?? [];
    const read: ComfyNode = { id, type, inputs, mode, slots: { inputs: slots, outputs: kinds }, outlets: null };
    this.nodes.set(id, read);
    if (definition === undefined) return;
    const names = listOf(definition["inputs"]).map((input) => objectOf(input)?.["name"]);
    const outer = (slot: number) => {
      const name = names[slot];
      const input = inputs.get(typeof name === "string" ? name : slots[slot]?.name ?? "");
      return input !== undefined && "link" in input ? input.link : undefined;
    };
    const title = typeof definition["name"] === "string" ? definition["name"] : type;
    const outlets = this.readLevel(definition, `${id}:`, outer, depth + 1);
    // Values that stand at a subgraph's own inputs stand at the nodes inside, too.
    const connected = new Map([...inputs].filter(([, input]) => "link" in input));
    this.nodes.set(id, { ...read, type: `subgraph ${title}`, inputs: connected, outlets });
  }
}

/** A link is [id, from node, from slot, to node, to slot, type], or an object of the same. */
function linksOf(list: unknown): ReadonlyMap<string, EditorLink> {
  const links = new Map<string, EditorLink>();
  for (const item of listOf(list)) {
    const fields = objectOf(item);
    const [link, node, slot, target, input, type] = Array.isArray(item) ? item : [
      ...[fields?.["id"], fields?.["origin_id"], fields?.["origin_slot"]],
      ...[fields?.["target_id"], fields?.["target_slot"], fields?.["type"]],
    ];
    const id = idOf(link), from = linkOf(node, slot);
    if (id === undefined || from === undefined) continue;
    links.set(id, { from, to: linkOf(target, input), type: typeof type === "string" ? type : undefined });
  }
  return links;
}

function kindsOf(links: Iterable<EditorLink>): ReadonlyMap<string, readonly (string | undefined)[]> {
  const kinds = new Map<string, (string | undefined)[]>();
  for (const { from: { node, slot }, type } of links) {
    if (!(slot >= 0 && slot < MAX_SLOTS)) continue;
    const own = kinds.get(node) ?? [];
    own[slot] = type;
    kinds.set(node, own);
  }
  return kinds;
}
