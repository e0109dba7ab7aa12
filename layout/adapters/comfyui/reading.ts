/**
 * Following a workflow's links, and keeping account of what was read: whatever was reached and not read is named in the
 * end (`left_out.ts`), so that nothing is lost without a word.
 */

import type { FieldPath } from "../../../errors.ts";
import type { AdapterWarningCode, Findings } from "../adapted.ts";
import type { ComfyGraph, ComfyInput, ComfyLink, ComfyNode } from "./node.ts";
import { prefixOf } from "./fields.ts";
import { handedOn } from "./handed_on.ts";
import { listed, literals } from "./literals.ts";

/** An output of a node that makes something; nodes that only hand on are passed. */
export interface Source {
  readonly node: ComfyNode;
  readonly slot: number;
}

/** Longer chains are no picture's. */
const MAX_DEPTH = 200;

/** One reading of a workflow: its graph, what was found, and which inputs were read. */
export class Reading {
  /** The names of the inputs that were read, by node; a node without a set was not looked at. */
  readonly #read = new Map<string, Set<string>>();
  readonly #named = new Set<string>();
  /** How to take back what an attempt read. */
  #undo: (() => void)[] | undefined;
  readonly #open = new Set<string>();
  readonly #resolved = new Map<string, Source | null>();
  #setters: ReadonlyMap<string, ComfyNode> | undefined;

  /** @param path Where the workflow stands in the caller's input. */
  constructor(readonly graph: ComfyGraph, readonly path: FieldPath, readonly findings: Findings) {}

  /** Where a node, or one of its inputs, stands in the caller's input. */
  at(node: ComfyNode, ...names: readonly string[]): FieldPath {
    return [...this.path, node.id, ...names];
  }

  /** An input, which is then read; undefined where the node has none of the name. */
  input(node: ComfyNode, name: string): ComfyInput | undefined {
    const read = this.use(node);
    if (!read.has(name)) {
      read.add(name);
      this.#undo?.push(() => read.delete(name));
    }
    return node.inputs.get(name);
  }

  /** Tries to make something of inputs; where that fails, they count as not read. */
  attempt<T>(make: () => T, failed: (made: T) => boolean): T {
    const undo: (() => void)[] = [], outer = this.#undo;
    this.#undo = undo;
    const made = make();
    this.#undo = outer;
    if (failed(made)) undo.forEach((step) => step());
    else outer?.push(...undo);
    return made;
  }

  /** The value that stands at an input; undefined where it is connected or missing. */
  literal(node: ComfyNode, name: string): unknown {
    const input = this.input(node, name);
    return input === undefined || "link" in input ? undefined : input.value;
  }

  /** What an input is connected to; null where nothing arrives, which is said, or where it is not connected. */
  source(node: ComfyNode, name: string): Source | null {
    const input = this.input(node, name);
    return input === undefined || !("link" in input) ? null : this.resolve(input.link, this.at(node, name));
  }

  /** The same without reading the node: it is only looked through, and will be named. Null, too, where a node is missing. */
  through(node: ComfyNode, name: string): Source | null {
    const input = node.inputs.get(name);
    if (input === undefined || !("link" in input) || !this.graph.has(input.link.node)) return null;
    return this.resolve(input.link, this.at(node, name));
  }

  /** Whether an input is connected to anything. */
  connected(node: ComfyNode, name: string): boolean {
    const input = node.inputs.get(name);
    return input !== undefined && "link" in input;
  }

  /** Notes that a node was read: only those of its inputs that were not read will be named. */
  use(node: ComfyNode): Set<string> {
    const before = this.#read.get(node.id);
    if (before !== undefined) return before;
    const read = new Set<string>();
    this.#read.set(node.id, read);
    this.#undo?.push(() => this.#read.delete(node.id));
    return read;
  }

  /** The names of a node's inputs that were read; undefined if the node was not looked at. */
  readOf(node: ComfyNode): ReadonlySet<string> | undefined {
    return this.#read.get(node.id);
  }

  /** Names a node in a warning, once; it needs no other. */
  name(code: AdapterWarningCode, node: ComfyNode, message: string, ...inputs: readonly string[]): void {
    if (this.#named.has(node.id)) return;
    this.#named.add(node.id);
    this.findings.warn(code, this.at(node, ...inputs), message);
  }

  isNamed(node: ComfyNode): boolean {
    return this.#named.has(node.id);
  }

  /** The output that a link leads to, past reroutes, switches, subgraphs and what the editor leaves out. */
  resolve(link: ComfyLink, at: FieldPath): Source | null {
    const key = `${link.node}:${link.slot}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const source = this.#follow(link, at);
    // What an attempt takes back must be read anew.
    if (this.#undo === undefined) this.#resolved.set(key, source);
    return source;
  }

  #follow(link: ComfyLink, at: FieldPath): Source | null {
    const seen = new Set<string>();
    let next = link;
    while (true) {
      const node = this.graph.get(next.node);
      const key = `${next.node}:${next.slot}`;
      if (node === undefined || seen.has(key)) {
        const rule = node === undefined ? "be connected to a node of the workflow" : "not be connected to itself";
        this.findings.problem("INVALID_VALUE", at, next.node, `must ${rule}`);
        return null;
      }
      seen.add(key);
      const handed = handedOn(this, node, next.slot);
      if (handed === "MAKES") return { node, slot: next.slot };
      if (handed === "LEFT_OUT") return null;
      if (handed === "NOTHING") {
        const values = listed(literals(node));
        this.name(
          "NODE_UNKNOWN",
          node,
          `nothing comes to output ${next.slot} of ${node.type}, so it was left out${values}`,
        );
        return null;
      }
      next = handed;
    }
  }

  /** The node that keeps what a GetNode of that name asks for: one of the same subgraph, else the first. */
  setter(name: string, prefix: string): ComfyNode | undefined {
    if (this.#setters === undefined) {
      const setters = new Map<string, ComfyNode>();
      for (const node of this.graph.values()) {
        if (node.type !== "SetNode") continue;
        const kept = node.inputs.get("name");
        if (kept === undefined || !("value" in kept)) continue;
        const own = JSON.stringify([prefixOf(node.id), kept.value]), any = JSON.stringify(kept.value);
        if (!setters.has(own)) setters.set(own, node);
        if (!setters.has(any)) setters.set(any, node);
      }
      this.#setters = setters;
    }
    return this.#setters.get(JSON.stringify([prefix, name])) ?? this.#setters.get(JSON.stringify(name));
  }

  /**
   * What a reader makes of an output, read once however many inputs it is connected to.
   * @param fallback Stands in for an output that depends on itself or lies too deep, which is noted.
   */
  once<T>(known: Map<string, T>, { node, slot }: Source, at: FieldPath, read: () => T, fallback: T): T {
    const key = `${node.id}:${slot}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (this.#open.has(key) || this.#open.size >= MAX_DEPTH) {
      const rule = this.#open.has(key) ? "must not be connected to itself" : `must be at most ${MAX_DEPTH} nodes deep`;
      this.findings.problem("INVALID_VALUE", at, node.id, rule);
      return fallback;
    }
    this.#open.add(key);
    try {
      const value = read();
      known.set(key, value);
      return value;
    } finally {
      this.#open.delete(key);
    }
  }
}
