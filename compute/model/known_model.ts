/** What is known of one model folder, each thing read once for as long as the files stay as they are that it depends on. */

import { join } from "node:path";
import { type CatalogEntry, readEntry } from "./catalog_entry.ts";
import type { ModelConfig } from "./config.ts";
import { type EmbeddingEntry, EmbeddingFiles } from "./embeddings.ts";
import type { Inspection, ModelFacts } from "./inspect.ts";
import { lookAtModel, type ModelStamps } from "./model_stamps.ts";
import { FreshLook, StampedValue } from "./stamps.ts";

/** Looks into the graphs of a model folder. */
export type Inspect = (folder: string, name: string) => Promise<Inspection>;

/** One folder of the folder of models. */
export class KnownModel {
  readonly #files: FreshLook<ReturnType<typeof lookAtModel>>;
  readonly #entry = new StampedValue<CatalogEntry>();
  readonly #embeddings = new StampedValue<readonly EmbeddingEntry[]>();
  readonly #inspection = new StampedValue<Promise<Inspection>>();
  readonly #hash = new StampedValue<Promise<string | null>>();
  #facts: ModelFacts | undefined;

  /**
   * @param root The folder of models.
   * @param name Of the folder in it.
   * @param freshMs How long a look at the files counts.
   */
  constructor(private readonly root: string, private readonly name: string, freshMs: number) {
    const folder = join(root, name);
    this.#files = new FreshLook(() => lookAtModel(folder), freshMs);
  }

  /** Stamps of its files, which are looked at again once a look no longer counts. */
  get stamps(): ModelStamps {
    return this.#files.get().stamps;
  }

  /** What its config files say of it; undefined while it is no model folder. */
  get entry(): CatalogEntry | undefined {
    const { stamps, isModel, graphBytes } = this.#files.get();
    return isModel ? this.#entry.get(stamps.folder, () => readEntry(this.root, this.name, graphBytes)) : undefined;
  }

  /** Every file of its `embeddings` folder. */
  embeddings(config: ModelConfig, files: EmbeddingFiles): readonly EmbeddingEntry[] {
    const { embeddings, graphs } = this.stamps; // the text encoders say how wide they must be
    return this.#embeddings.get(JSON.stringify([embeddings, graphs]), () => files.list(config));
  }

  /** What its graphs say, found with `inspect` where it is not known. */
  inspection(inspect: Inspect): Promise<Inspection> {
    const { graphs } = this.stamps;
    return this.#inspection.get(graphs, () => this.#noted(graphs, inspect(join(this.root, this.name), this.name)));
  }

  /** Takes what somebody else is finding in its graphs; `inspect` is for when that comes to nothing. */
  remember(inspection: Promise<Inspection>, inspect: Inspect): void {
    const { graphs } = this.stamps;
    const found = inspection.catch(() => inspect(join(this.root, this.name), this.name));
    this.#inspection.set(graphs, this.#noted(graphs, found));
  }

  /** What was found in its graphs as they are now; undefined while nothing is. */
  get facts(): ModelFacts | undefined {
    return this.#facts?.stamp === this.stamps.graphs ? this.#facts : undefined;
  }

  /** What `hashModel` says of it, worked out with `hash` where it is not known; null where its files cannot be read. */
  hash(hash: (folder: string) => Promise<string>): Promise<string | null> {
    const { folder, tokenizers } = this.stamps;
    return this.#hash.get(folder + tokenizers, () => hash(join(this.root, this.name)).catch(() => null));
  }

  /** Makes the next call look at its files again. */
  expire(): void {
    this.#files.expire();
  }

  #noted(stamp: string, inspection: Promise<Inspection>): Promise<Inspection> {
    inspection.then((found) => this.#facts = { stamp, inspection: found }, () => {}); // whoever asked hears of failures
    return inspection;
  }
}
