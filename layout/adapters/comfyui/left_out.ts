/** Naming what a reading did not read: every node that has a part in the picture, and every value of those it used. */

import type { Reading } from "./reading.ts";
import { listed, literals } from "./literals.ts";
import type { ComfyNode } from "./node.ts";
import { type Consumers, downstream } from "./samplers.ts";

/** Nodes that change nothing that a layout or a generation could say. */
const QUIET: ReadonlySet<string> = new Set([
  ...["VAEDecode", "VAEDecodeTiled", "SaveImage", "PreviewImage", "SaveImageWebsocket", "PreviewAny"],
  ...["MaskPreview", "MaskToImage", "Note", "MarkdownNote"],
]);

/** Values that change nothing. */
const NEUTRAL: ReadonlyMap<string, readonly unknown[]> = new Map(Object.entries({
  denoise: [1],
  mode: ["Attention"],
  batch_size: [1],
  add_noise: [true, "enable"],
  start_at_step: [0],
  return_with_leftover_noise: ["disable"],
  clip_skip: [-1, 0],
  stop_at_clip_layer: [-1],
  lora_name: ["None"],
  vae_name: ["Baked VAE"],
  config_name: ["Default"],
  token_normalization: ["none"],
  weight_interpretation: ["comfy"],
  set_cond_area: ["default"],
  crop_w: [0],
  crop_h: [0],
  noise_device: ["cpu"],
  rho: [7],
  sigma_max: [14.614642],
  sigma_min: [0.0291675],
  sigma_factor: [1],
  alpha: [0.6],
  beta: [0.6],
  eta: [1],
  s_noise: [1],
  solver_type: ["midpoint"],
  r: [0.5],
  order: [4],
  convert_from_csv: [false],
  split_string: [false],
  remove_chars: [false],
}));

function isNeutral([name, value]: readonly [name: string, value: unknown]): boolean {
  return NEUTRAL.get(name)?.includes(value) === true;
}

/** Names all that has a part in the samplers' pictures and was not read. */
export function nameLeftOut(reading: Reading, samplers: readonly ComfyNode[], consumers: Consumers): void {
  const reached = withSources(reading, [...samplers, ...downstream(samplers, consumers)]);
  // In the order of the file.
  for (const node of reading.graph.values()) {
    if (!reached.has(node) || reading.isNamed(node)) continue;
    const read = reading.readOf(node);
    if (read === undefined) nameNode(reading, node);
    else nameValues(reading, node, read);
  }
}

function withSources({ graph }: Reading, nodes: readonly ComfyNode[]): ReadonlySet<ComfyNode> {
  const reached = new Set(nodes);
  const open = [...reached];
  const reach = (id: string) => {
    const source = graph.get(id);
    if (source === undefined || reached.has(source)) return;
    reached.add(source);
    open.push(source);
  };
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const input of node.inputs.values()) if ("link" in input) reach(input.link.node);
    for (const { node: inner } of node.outlets?.values() ?? []) reach(inner);
  }
  return reached;
}

function nameNode(reading: Reading, node: ComfyNode): void {
  const { type, mode } = node;
  if (QUIET.has(type) && mode === "ACTIVE") return;
  const values = literals(node, new Set());
  if (mode !== "ACTIVE") {
    const how = mode === "MUTED" ? "muted" : "bypassed";
    return reading.name(`NODE_${mode}`, node, `${type} is ${how}, so it was left out${listed(values)}`);
  }
  if (/lora/i.test(type)) {
    const message = `${type} was left out: read are LoRAs by their names on the line of the sampler's model`;
    return reading.name("LORA_LEFT_OUT", node, `${message}${listed(values)}`);
  }
  // The samplers themselves are read where they are chosen; these values are what they do anyway.
  if (/^Sampler|^CLIPSetLastLayer$/.test(type) && values.length > 0 && values.every(isNeutral)) return;
  reading.name("NODE_UNKNOWN", node, `what ${type} does was left out${listed(values)}`);
}

function nameValues(reading: Reading, node: ComfyNode, read: ReadonlySet<string>): void {
  const unread = literals(node, read).filter((value) => !isNeutral(value));
  if (unread.length === 0) return;
  const lora = node.inputs.get("lora_name");
  const loads = lora !== undefined && "value" in lora && lora.value !== "None";
  const values = loads || lora === undefined ? unread : unread.filter(([name]) => !name.startsWith("lora_"));
  if (values.length === 0) return;
  const code = loads ? "LORA_LEFT_OUT" : "SETTING_LEFT_OUT";
  reading.name(code, node, `of ${node.type}, this was left out${listed(values)}`);
}
