/** What a model folder says of itself: in its config files, and in `parterre.json`. */

import { isFile, isMissing, readText } from "#host/files.ts";
import { join } from "node:path";
import { z } from "zod";
import { pathsWithin } from "../../paths.ts";
import { type ModelConfig, ModelFolderError, readModelConfig, TINY_DECODER } from "./config.ts";
import { capabilitiesOf, DISTILLATIONS, type ModelCapabilities } from "./capabilities.ts";
import { linkOutOf } from "./links.ts";

/** A model folder whose config files can be used. */
export interface UsableModel {
  readonly name: string;
  readonly config: ModelConfig;
  readonly capabilities: ModelCapabilities;
  /** Whether it has a tiny autoencoder for previews. */
  readonly tinyDecoder: boolean;
  /** Whether its autoencoder's encoder is there, so that it can start from a picture. */
  readonly encoder: boolean;
  /** What a request that names neither gets. */
  readonly defaults: ModelDefaults;
  /** Bytes of the graphs and their weights on disk. */
  readonly bytes: number;
}

/** Settings that suit a model: its family's, unless its own `parterre.json` knows better. */
export interface ModelDefaults {
  readonly steps: number;
  readonly guidanceScale: number;
}

/** A model folder, usable or refused with the reason. */
export type CatalogEntry = UsableModel | { readonly name: string; readonly refused: string };

/** `parterre.json`: what a model's stock files cannot say. */
const ownFacts = z.looseObject({
  defaults: z.object({ steps: z.int().positive(), guidanceScale: z.number().nonnegative() }).partial().default({}),
  distillation: z.enum(DISTILLATIONS).optional(),
});

/**
 * Reads the config files of a model folder.
 * @param root The folder of models, out of which no link may lead.
 * @param bytes Of its graphs and their weights.
 */
export function readEntry(root: string, name: string, bytes: number): CatalogEntry {
  const folder = join(root, name);
  try {
    const link = linkOutOf(root, name);
    if (link !== undefined) throw new ModelFolderError(link, "the link must not lead out of the folder of models");
    const config = readModelConfig(folder, name);
    const own = readOwnFacts(folder);
    const capabilities = capabilitiesOf(config, own.distillation);
    const tinyDecoder = isFile(join(folder, TINY_DECODER, "model.onnx"));
    const encoder = isFile(join(folder, "vae_encoder", "model.onnx"));
    const { defaultSteps, defaultGuidanceScale } = capabilities;
    const { steps = defaultSteps, guidanceScale = defaultGuidanceScale } = own.defaults;
    return { name, config, capabilities, tinyDecoder, encoder, defaults: { steps, guidanceScale }, bytes };
  } catch (error) {
    if (error instanceof ModelFolderError) return { name, refused: pathsWithin(root, error.message) };
    if (isMissing(error)) return { name, refused: `Cannot use "${name}": it goes as it is read` };
    throw error;
  }
}

function readOwnFacts(folder: string): z.infer<typeof ownFacts> {
  const file = join(folder, "parterre.json");
  if (!isFile(file)) return { defaults: {} };
  let json: unknown;
  try {
    json = JSON.parse(readText(file));
  } catch {
    throw new ModelFolderError(file, "the file is not JSON");
  }
  const result = ownFacts.safeParse(json);
  if (!result.success) throw new ModelFolderError(file, z.prettifyError(result.error).replaceAll("\n", " "));
  return result.data;
}
