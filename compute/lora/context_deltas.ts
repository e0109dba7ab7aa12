/**
 * What LoRAs of single contexts add to their keys and values: K_r += w_r (alpha / rank) (C_r A^T) B^T, computed once per
 * conditioning by a small graph that knows nothing but A and B. Contexts without the LoRA get exactly 0.
 */

import { create } from "@bufbuild/protobuf";
import {
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from "onnx-buf";
import { elementType, node, valueInfo } from "../graph/emit.ts";
import { GraphIndex } from "../graph/graph_index.ts";
import type { HoistedGraph } from "../graph/hoist.ts";
import { weightedNodes } from "../graph/layer_weights.ts";
import { encodeOnnx, type OnnxFile } from "../graph/onnx_file.ts";
import { prune } from "../graph/prune.ts";
import { CONTEXTS } from "../graph/regional_rewrite.ts";
import { UnsupportedGraphError } from "../graph/unsupported.ts";
import { openSafetensors } from "../model/safetensors.ts";
import type { Feed, Runtime, Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import type { UsableLora } from "./lora_library.ts";
import { readLowRank, transposed } from "./low_rank.ts";

/** A LoRA and how much of it each context of a conditioning has. */
export interface ContextLora {
  readonly lora: UsableLora;
  /** By context; 0 where it has none of it. */
  readonly weights: readonly number[];
}

/** The graph of keys and values without its weights: what is done with the projections of contexts. */
export interface ProjectionForm {
  /** Copied, so that it holds no file in memory. */
  readonly graph: GraphProto;
  /** The file that it is from, without any data. */
  readonly model: OnnxFile["model"];
  /** What projects, by layer: the names of the nodes' outputs. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** Initializers of at most this many bytes are shapes and scalars. */
const SMALL = 256;

/** Paths of a UNet's layers that make keys and values of contexts. */
const PATHS = { has: (path: string) => /^(?:down_blocks|mid_block|up_blocks)\..*\.attn2\.to_[kv]$/.test(path) };

/** Takes the form of a graph of keys and values, before its weights are handed to an engine. */
export function projectionForm({ projections }: HoistedGraph): ProjectionForm {
  const nodes = weightedNodes(new GraphIndex(projections.graph), PATHS);
  const outputs = new Map<string, string>();
  for (const [path, [first]] of nodes) {
    const output = first?.node.output[0];
    if (output !== undefined) outputs.set(path, output);
  }
  const initializer = projections.graph.initializer.filter(({ rawData }) => rawData.length <= SMALL).map(copied);
  return { graph: { ...projections.graph, initializer }, model: projections.model, outputs };
}

/** The same tensor with bytes of its own. A bare spread would lose what unset fields are by default. */
function copied(tensor: TensorProto): TensorProto {
  if (tensor.rawData.length === 0) return tensor;
  const { $typeName: _, ...fields } = tensor;
  return create(TensorProtoSchema, { ...fields, rawData: tensor.rawData.slice() });
}

/** The input with the weights of LoRA `l` by context: of the contexts' rank, 1 in all dimensions but theirs. */
function gateOf(l: number): string {
  return `lora.${l}/gate`;
}

/** Differences of keys and values for a fixed list of LoRAs. */
export class ContextDeltas {
  private constructor(private readonly session: Session, private readonly rank: number) {}

  /**
   * Loads the matrices of keys and values.
   * @returns Null if the LoRAs change none.
   * @throws {UnsupportedGraphError} if a layer that they change is not in the graph.
   */
  static async load(
    runtime: Runtime,
    form: ProjectionForm,
    loras: readonly UsableLora[],
  ): Promise<ContextDeltas | null> {
    const graph = deltaGraph(form, loras);
    if (graph === null) return null;
    const file: OnnxFile = { model: form.model, graph, bytes: new Uint8Array(), external: [] };
    return new ContextDeltas(await runtime.createSession(encodeOnnx(file)), rankOf(graph));
  }

  /**
   * The differences, by the names of keys and values.
   * @param feeds The regional inputs, as the graph of keys and values takes them.
   * @param weights By LoRA, then by context.
   */
  async run(
    feeds: Readonly<Record<string, Feed>>,
    weights: readonly (readonly number[])[],
  ): Promise<ReadonlyMap<string, Tensor>> {
    const gates = weights.map((own, l): [string, Feed] => [gateOf(l), {
      dims: [...new Array<number>(this.rank - 3).fill(1), own.length, 1, 1],
      data: Float32Array.from(own),
    }]);
    return await this.session.run({ ...feeds, ...Object.fromEntries(gates) });
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** The form with MatMuls by A and B in the place of its projections; null if the LoRAs change none of them. */
function deltaGraph({ graph, outputs }: ProjectionForm, loras: readonly UsableLora[]): GraphProto | null {
  const contexts = graph.input.find(({ name }) => name === CONTEXTS);
  const type = (contexts && elementType(contexts)) ?? TensorProto_DataType.FLOAT;
  const sums = new Map<string, string[]>(); // the output of a projection -> what is added to it
  const emitted: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const store = (name: string, dims: readonly number[], data: Float32Array) => {
    const { buffer } = type === TensorProto_DataType.FLOAT16 ? Float16Array.from(data) : data;
    const rawData = new Uint8Array(buffer as ArrayBuffer);
    initializers.push(create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: type, rawData }));
    return name;
  };
  loras.forEach((lora, l) => {
    const layers = lora.plan.layers.filter(({ kind }) => kind === "CONTEXT");
    if (layers.length === 0) return;
    const file = openSafetensors(lora.path);
    const gated = `lora.${l}/contexts`;
    emitted.push(node("Mul", [CONTEXTS, gateOf(l)], [gated]));
    for (const layer of layers) {
      const output = outputs.get(layer.path);
      if (output === undefined) {
        throw new UnsupportedGraphError(
          `a LoRA changes "${layer.path}", and nothing in the graph tells which weights those are`,
        );
      }
      const { rank, up, down, shape: [out = 0, width = 0] } = readLowRank(layer, file);
      const prefix = `lora.${l}/${layer.path}`;
      emitted.push(
        node("MatMul", [gated, store(`${prefix}/down`, [width, rank], transposed(down, rank, width))], [
          `${prefix}/low`,
        ]),
        node("MatMul", [`${prefix}/low`, store(`${prefix}/up`, [rank, out], transposed(up, out, rank))], [
          `${prefix}/delta`,
        ]),
      );
      sums.set(output, [...sums.get(output) ?? [], `${prefix}/delta`]);
    }
  });
  if (sums.size === 0) return null;
  for (const [output, [first = "", ...others]] of sums) {
    let sum = first;
    others.forEach((other, i) => {
      const next = `${output}/sum.${i}`;
      emitted.push(node("Add", [sum, other], [next]));
      sum = next;
    });
    emitted.push(node("Identity", [sum], [output]));
  }

  const projecting = new Set(outputs.values());
  const kept = graph.node.filter(({ output: [name = ""] }) => !projecting.has(name));
  const reached = downstream(kept, new Set(sums.keys()));
  const result = create(GraphProtoSchema, {
    name: "context_deltas",
    node: [...emitted, ...kept.filter(({ output: [name = ""] }) => reached.has(name))],
    initializer: [...graph.initializer, ...initializers],
    input: [
      ...graph.input,
      ...loras.map((_, l) => valueInfo(gateOf(l), type, [...rankOf(graph) === 4 ? [1] : [], `contexts_${l}`, 1, 1])),
    ],
    output: graph.output.filter(({ name }) => reached.has(name)),
  });
  prune(result);
  const read = new Set(result.node.flatMap(({ input }) => input));
  result.input = result.input.filter(({ name }) => read.has(name));
  return result;
}

/** Everything that is made, through any number of nodes, of `sources` alone and of what is stored or fed. */
function downstream(nodes: readonly NodeProto[], sources: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(sources);
  for (const { input, output } of nodes) {
    if (input.some((name) => reached.has(name))) { for (const name of output) reached.add(name); }
  }
  return reached;
}

function rankOf(graph: GraphProto): number {
  const contexts = graph.input.find(({ name }) => name === CONTEXTS);
  return contexts?.type?.value.case === "tensorType" ? contexts.type.value.value.shape?.dim.length ?? 3 : 3;
}
