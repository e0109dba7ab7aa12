/** Nodes that make nothing of their own: what each of their outputs hands on. */

import type { AdapterWarningCode } from "../adapted.ts";
import { prefixOf } from "./fields.ts";
import { listed, literals } from "./literals.ts";
import type { ComfyGraph, ComfyInput, ComfyLink, ComfyNode } from "./node.ts";

/** What following a link needs of the reading that it belongs to. */
interface Reading {
  readonly graph: ComfyGraph;
  input(node: ComfyNode, name: string): ComfyInput | undefined;
  literal(node: ComfyNode, name: string): unknown;
  connected(node: ComfyNode, name: string): boolean;
  use(node: ComfyNode): Set<string>;
  name(code: AdapterWarningCode, node: ComfyNode, message: string): void;
  setter(name: string, prefix: string): ComfyNode | undefined;
}

/** An output that is another one, one to which nothing comes (left out where that is said), or one that a node makes. */
type HandedOn = ComfyLink | "NOTHING" | "LEFT_OUT" | "MAKES";

/** A node that carries several things in one link: what its outputs are, by name, and the input of the pipe before. */
interface Pipe {
  readonly outputs: readonly string[];
  readonly before: string;
}

const CONTEXT: Pipe = {
  outputs: ["", "model", "clip", "vae", "positive", "negative", "latent", "images", "seed"],
  before: "base_ctx",
};
const PIPES: ReadonlyMap<string, Pipe> = new Map([
  ["FromBasicPipe", { outputs: ["model", "clip", "vae", "positive", "negative"], before: "basic_pipe" }],
  ["FromBasicPipe_v2", { outputs: ["", "model", "clip", "vae", "positive", "negative"], before: "basic_pipe" }],
  ["Context (rgthree)", CONTEXT],
  ["Context Big (rgthree)", CONTEXT],
]);

/** Nodes that make such a link, or change one of the things in it. */
const CARRIES = /pipe|context/i;

/** What is found by name along a chain of pipes; longer ones are no picture's. */
const MAX_PIPES = 100;

/** What an output hands on; the nodes are accounted for, and what the editor leaves out is said. */
export function handedOn(reading: Reading, node: ComfyNode, slot: number): HandedOn {
  if (node.mode === "MUTED") {
    reading.name("NODE_MUTED", node, `${node.type} is muted, so it was left out${listed(literals(node))}`);
    return "LEFT_OUT";
  }
  if (node.mode === "BYPASSED") return bypass(reading, node, slot);
  if (node.outlets !== null) {
    reading.use(node);
    return node.outlets.get(slot) ?? "NOTHING";
  }
  if (/^Reroute\b/.test(node.type)) {
    const [name] = node.inputs.keys();
    return name === undefined ? "NOTHING" : linkAt(reading, node, name);
  }
  switch (node.type) {
    case "GetNode": {
      const setter = reading.setter(String(reading.literal(node, "name")), prefixOf(node.id));
      if (setter === undefined) return "MAKES";
      reading.literal(setter, "name");
      return { node: setter.id, slot: 0 };
    }
    case "SetNode": {
      const name = [...node.inputs].find(([, input]) => "link" in input)?.[0];
      return name === undefined ? "NOTHING" : linkAt(reading, node, name);
    }
    case "Any Switch (rgthree)": {
      const name = [...node.inputs].find(([, input]) => "link" in input && arrives(reading, input.link))?.[0];
      return name === undefined ? "NOTHING" : linkAt(reading, node, name);
    }
    case "ComfySwitchNode":
    case "Switch any [Crystools]": {
      const on = setting(reading, node, node.type === "ComfySwitchNode" ? "switch" : "boolean");
      return typeof on === "boolean" ? linkAt(reading, node, on ? "on_true" : "on_false") : "MAKES";
    }
    case "ImpactSwitch": {
      const selected = setting(reading, node, "select");
      return typeof selected === "number" && slot === 0 ? linkAt(reading, node, `input${selected}`) : "MAKES";
    }
  }
  const pipe = PIPES.get(node.type), name = pipe?.outputs[slot] ?? "";
  return pipe === undefined || name === "" ? "MAKES" : fromPipe(reading, node, name, pipe.before);
}

/** The editor hands on the input of the same place if it is of the output's kind, else the first that is. */
function bypass(reading: Reading, node: ComfyNode, slot: number): HandedOn {
  const { inputs = [], outputs = [] } = node.slots ?? {};
  const kind = outputs[slot];
  const own = inputs[slot];
  const found = own !== undefined && (own.type === kind || kind === "*" || own.type === "*")
    ? own
    : inputs.find(({ type }) => type !== undefined && type === kind);
  const input = found === undefined ? undefined : node.inputs.get(found.name);
  if (found === undefined || input === undefined || !("link" in input)) {
    const values = listed(literals(node));
    const message = `${node.type} is bypassed and gets nothing to hand on, so it was left out${values}`;
    reading.name("NODE_BYPASSED", node, message);
    return "LEFT_OUT";
  }
  const message = `${node.type} is bypassed, so it hands on its ${found.name} as it is, without${
    listed(literals(node)) || " what it does"
  }`;
  reading.name("NODE_BYPASSED", node, message);
  return linkAt(reading, node, found.name);
}

function fromPipe(reading: Reading, node: ComfyNode, name: string, before: string): HandedOn {
  let at: ComfyNode | undefined = node;
  for (let i = 0; i < MAX_PIPES && at !== undefined && at.mode === "ACTIVE" && CARRIES.test(at.type); i++) {
    if (reading.connected(at, name)) return linkAt(reading, at, name);
    const input = [before, "basic_pipe", "base_ctx"].map((pipe) => at?.inputs.get(pipe)).find(isLinked);
    reading.use(at).add(before);
    at = input === undefined ? undefined : reading.graph.get(input.link.node);
  }
  return "NOTHING";
}

function linkAt(reading: Reading, node: ComfyNode, name: string): ComfyLink | "NOTHING" {
  // A value cannot be handed on; it will be named.
  reading.use(node);
  if (!isLinked(node.inputs.get(name))) return "NOTHING";
  const input = reading.input(node, name);
  return isLinked(input) ? input.link : "NOTHING";
}

function isLinked(input: ComfyInput | undefined): input is { readonly link: ComfyLink } {
  return input !== undefined && "link" in input;
}

function arrives(reading: Reading, link: ComfyLink): boolean {
  return reading.graph.get(link.node)?.mode === "ACTIVE";
}

/** Nodes that hold a switch's position. */
const HOLDS_POSITION = /^(Primitive|INTConstant|ImpactInt|ImpactBoolean)/;

/** A switch's position: a value, or that of a primitive. Where it is neither, nothing counts as read. */
function setting(reading: Reading, node: ComfyNode, name: string): unknown {
  const input = node.inputs.get(name);
  if (!isLinked(input)) return reading.literal(node, name);
  const primitive = reading.graph.get(input.link.node);
  if (primitive === undefined || !HOLDS_POSITION.test(primitive.type)) return undefined;
  reading.input(node, name);
  return reading.literal(primitive, "value");
}
