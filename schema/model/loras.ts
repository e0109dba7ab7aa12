/** The LoRA files that there are. */

import type { LoraEntry } from "../../compute/lora/lora_library.ts";
import { LoraFamilyError, type LoraPlan, planLora } from "../../compute/lora/lora_plan.ts";
import { kindByName } from "../../compute/lora/lora_file.ts";
import { GraphQLError } from "graphql";
import { quote } from "../../errors.ts";
import type { ModelCatalog, UsableModel } from "../../compute/model/catalog.ts";
import { builder } from "../builder.ts";
import { ModelFamilyEnum } from "./model.ts";

/** A file, and what it is for the model that was asked for. */
interface ListedLora {
  readonly entry: LoraEntry;
  /** Null if no model was named. */
  readonly plan: LoraPlan | string | null;
}

const LoraLayerKindEnum = builder.enumType("LoraLayerKind", {
  description: "What a layer that a LoRA changes acts on.",
  values: {
    TEXT: { description: "The prompt: a text encoder's." },
    CONTEXT: { description: "The prompt: keys and values of cross-attention." },
    PLACE: { description: "Each place of the picture by itself: linear layers around attention." },
    OTHER: { description: "Convolutions over neighbours, and what depends on the step." },
  } as const,
});

const KINDS = ["TEXT", "CONTEXT", "PLACE", "OTHER"] as const;

const Lora = builder.objectRef<ListedLora>("Lora").implement({
  description: "A LoRA file: low-rank changes of a model's weights.",
  fields: (t) => ({
    name: t.string({
      description: "The name to use in input: the file's, without its ending.",
      resolve: ({ entry }) => entry.name,
    }),
    family: t.field({
      type: ModelFamilyEnum,
      nullable: true,
      description: "The family that it is for, judged by its names and widths; null where they do not tell.",
      resolve: ({ entry }) => "file" in entry ? entry.file.family : null,
    }),
    contextWidth: t.int({
      nullable: true,
      description: "The width of the contexts that it reads; null where it changes no keys or values.",
      resolve: ({ entry }) => "file" in entry ? entry.file.contextWidth : null,
    }),
    rank: t.int({
      nullable: true,
      description: "The largest rank of any layer; null if it cannot be used.",
      resolve: ({ entry }) => "file" in entry ? entry.file.rank : null,
    }),
    touches: t.field({
      type: [LoraLayerKindEnum],
      description: "What the layers act on that it changes.",
      resolve: ({ entry, plan }) => {
        const kinds = plan !== null && typeof plan !== "string"
          ? plan.layers.map(({ kind }) => kind)
          : "file" in entry
          ? entry.file.layers.map(kindByName)
          : [];
        return KINDS.filter((kind) => kinds.includes(kind));
      },
    }),
    layers: t.int({
      description: "How many layers it changes; of the model, if one was named.",
      resolve: ({ entry, plan }) => {
        if (plan !== null && typeof plan !== "string") return plan.layers.length;
        return "file" in entry ? entry.file.layers.length : 0;
      },
    }),
    unknown: t.stringList({
      description:
        "Tensors or layers that the model has no place for, at most 16 of them; without a model, tensors of unknown names.",
      resolve: ({ entry, plan }) => {
        const unknown = plan !== null && typeof plan !== "string"
          ? plan.unknown
          : "file" in entry
          ? entry.file.unknown
          : [];
        return unknown.slice(0, 16);
      },
    }),
    fileBytes: t.float({ description: "Bytes of the file.", resolve: ({ entry }) => entry.bytes }),
    refusal: t.string({
      nullable: true,
      description: "Why it cannot be used, by the model if one was named; null if it can.",
      resolve: ({ entry, plan }) => "refused" in entry ? entry.refused : typeof plan === "string" ? plan : null,
    }),
  }),
});

builder.queryField("loras", (t) =>
  t.field({
    description: "Every LoRA file of the server, also those that cannot be used, by name.",
    type: [Lora],
    args: {
      model: t.arg.string({
        description: "As this model sees them, those of its own folder included. Default: as none does.",
      }),
    },
    resolve: (_root, { model: name }, { services: { catalog } }) => {
      const model = name === null || name === undefined ? null : modelOf(name, catalog);
      return catalog.loras.list(model?.config.folder ?? null).map((entry) => ({ entry, plan: planOf(entry, model) }));
    },
  }));

/** @throws {GraphQLError} if there is no such model, or none that can be used. */
function modelOf(name: string, catalog: ModelCatalog): UsableModel {
  const found = catalog.find(name);
  if (found !== undefined && "config" in found) return found;
  const reason = found === undefined ? "there is no such model" : "the model cannot be used";
  throw new GraphQLError(`Cannot list LoRAs for ${quote(name)}: ${reason}`, { extensions: { code: "BAD_USER_INPUT" } });
}

function planOf(entry: LoraEntry, model: UsableModel | null): LoraPlan | string | null {
  if (model === null || !("file" in entry)) return null;
  try {
    return planLora(entry.file, { config: model.config, family: model.capabilities.family });
  } catch (error) {
    if (error instanceof LoraFamilyError) return error.message;
    throw error;
  }
}
