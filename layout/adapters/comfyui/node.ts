/** What a workflow is made of, whichever format it came in. */

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
  /** What the editor does with it when it sends the workflow: a muted node is left out, a bypassed one hands on. */
  readonly mode: "ACTIVE" | "MUTED" | "BYPASSED";
  /** In the editor's files: the kinds of its inputs, in order, and of its outputs; they decide what a bypass hands on. */
  readonly slots: { readonly inputs: readonly NamedSlot[]; readonly outputs: readonly (string | undefined)[] } | null;
  /** For a subgraph: the outputs inside of it that are its own, by slot. */
  readonly outlets: ReadonlyMap<number, ComfyLink> | null;
}

export interface NamedSlot {
  readonly name: string;
  readonly type: string | undefined;
}

/** Nodes by id, in the order of the file. Nodes in a subgraph have the ids that ComfyUI sends: `subgraph:node`. */
export type ComfyGraph = ReadonlyMap<string, ComfyNode>;
