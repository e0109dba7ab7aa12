/** Finding the sampler that begins a workflow's picture, and the nodes that hold its settings. */

import type { ComfyGraph, ComfyNode } from "./node.ts";
import type { Reading } from "./reading.ts";

/** The inputs by which a sampler has its settings from other nodes. */
const SETTINGS = ["guider", "noise", "sampler", "sigmas", "base_sampler", "basic_pipe", "pipe", "optional_sigmas"];

/** More nodes of settings are no sampler's. */
const MAX_NODES = 200;

/** The sampler that is read, and all others, in the order of the file. */
export interface FoundSamplers {
  readonly first: ComfyNode;
  readonly others: readonly ComfyNode[];
}

/**
 * The first sampler in the flow of the picture, which decides its composition: of a base with a refiner the base, of a
 * picture that is enlarged and painted over the first pass. Undefined where there is none.
 */
export function findSamplers(graph: ComfyGraph, consumers: Consumers): FoundSamplers | undefined {
  const all = [...graph.values()].filter(({ mode }) => mode === "ACTIVE");
  const samplers = all.filter(isSampler);
  const found = samplers.length > 0
    ? samplers
    : all.filter(({ type, inputs }) => /guider/i.test(type) && inputs.has("positive"));
  const later = downstream(found, consumers);
  const first = found.find((node) => !later.has(node)) ?? found[0];
  return first === undefined ? undefined : { first, others: found.filter((node) => node !== first) };
}

function isSampler({ type, inputs }: ComfyNode): boolean {
  if (/provider/i.test(type)) return false;
  const samples = /sampler/i.test(type) &&
    ["positive", "guider", "pipe", "basic_pipe", "base_sampler"].some((name) => inputs.has(name));
  return samples || (inputs.has("positive") && inputs.has("sampler_name"));
}

/** The nodes that an output of a node is connected to, by its id. */
export type Consumers = ReadonlyMap<string, readonly ComfyNode[]>;

export function consumersOf(graph: ComfyGraph): Consumers {
  const consumers = new Map<string, ComfyNode[]>();
  for (const node of graph.values()) {
    for (const input of node.inputs.values()) {
      if (!("link" in input)) continue;
      const list = consumers.get(input.link.node);
      if (list === undefined) consumers.set(input.link.node, [node]);
      else list.push(node);
    }
  }
  return consumers;
}

/** All nodes that what these nodes make goes into, directly or not. */
export function downstream(nodes: readonly ComfyNode[], consumers: Consumers): ReadonlySet<ComfyNode> {
  const reached = new Set<ComfyNode>();
  const open = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const consumer of consumers.get(node.id) ?? []) {
      if (reached.has(consumer)) continue;
      reached.add(consumer);
      open.push(consumer);
    }
  }
  return reached;
}

/** The sampler and the nodes that it has its settings from, nearest first. */
export function settingNodes(reading: Reading, sampler: ComfyNode): readonly ComfyNode[] {
  const nodes = [sampler];
  reading.use(sampler);
  for (let i = 0; i < nodes.length && nodes.length < MAX_NODES; i++) {
    const node = nodes[i];
    if (node === undefined) break;
    for (const name of SETTINGS) {
      const source = reading.through(node, name);
      if (source !== null && !nodes.includes(source.node)) nodes.push(source.node);
    }
  }
  return nodes;
}
