/**
 * Preview maps that were fitted before. A fit takes a decoding, which is a good part of the time from a server's start to
 * its first preview, and comes out the same each time.
 *
 * A map is a small file that names what it was fitted to. A model folder may bring its own, `preview_map.json`; others
 * are kept in a folder, under the name of what they were fitted to. A file that is broken, or was fitted to anything
 * else, is as good as none.
 */

import { readText } from "#host/files.ts";
import { keepText } from "#host/kept_texts.ts";
import { sha256 } from "#host/sha256.ts";
import { join } from "node:path";
import { z } from "zod";
import type { DiffusionModel } from "../model/model.ts";
import { PREVIEW_MAP_FILE } from "../model/model_stamps.ts";
import { PreviewMap } from "./preview.ts";

/** Changes when fits come out differently: maps of another version are not used. */
const VERSION = 1;

/** Maps that are kept; the oldest go first. */
const KEPT = 256;

const content = z.object({
  /** What it was fitted to. */
  fittedTo: z.string(),
  /** SHA-256 of the coefficients. */
  sha256: z.string(),
  /** See {@link PreviewMap}. */
  coefficients: z.array(z.tuple([z.number(), z.number(), z.number()])),
});

/** The model as far as its map is concerned. */
export type FittedModel = Pick<DiffusionModel, "config" | "decoderFingerprint">;

/** Finds and keeps the maps of models. */
export class PreviewMaps {
  /** @param folder Where maps are kept, made when needed; null keeps none. */
  constructor(private readonly folder: string | null) {}

  /** A model's map, if it came with the model or was kept. */
  find(model: FittedModel): PreviewMap | undefined {
    const fittedTo = nameOf(model);
    const files = [join(model.config.folder, PREVIEW_MAP_FILE)];
    if (this.folder !== null) files.push(join(this.folder, `${fittedTo}.json`));
    for (const file of files) {
      const coefficients = read(file, fittedTo);
      if (coefficients?.length === model.config.latents.channels + 1) return new PreviewMap(coefficients);
    }
    return undefined;
  }

  /** Keeps a map for the next start. A folder that cannot be written to is none: the next start fits again. */
  keep(model: FittedModel, { coefficients }: PreviewMap): void {
    if (this.folder === null) return;
    const fittedTo = nameOf(model);
    const text = `${JSON.stringify({ fittedTo, sha256: digest(coefficients), coefficients })}\n`;
    try {
      keepText(this.folder, `${fittedTo}.json`, text, KEPT);
    } catch {
      // as the description says
    }
  }
}

/** A name for what a model's map depends on. */
function nameOf(model: FittedModel): string {
  return sha256().update(`preview map ${VERSION} ${model.decoderFingerprint()}`).hex();
}

function digest(coefficients: PreviewMap["coefficients"]): string {
  return sha256().update(JSON.stringify(coefficients)).hex();
}

function read(file: string, fittedTo: string): PreviewMap["coefficients"] | undefined {
  try {
    const { data } = content.safeParse(JSON.parse(readText(file)));
    if (data?.fittedTo !== fittedTo || data.sha256 !== digest(data.coefficients)) return undefined;
    return data.coefficients;
  } catch {
    return undefined; // there is none, or it is broken
  }
}
