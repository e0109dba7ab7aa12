/** The models whose files were fetched, as checks of requests ask for them. */

import type { CatalogEntry, UsableModel } from "../../../compute/model/catalog.ts";
import { readEntry } from "../../../compute/model/catalog_entry.ts";
import type { ModelConfig } from "../../../compute/model/config.ts";
import { TokenizerCache } from "../../../compute/model/tokenizer_cache.ts";
import type { PromptTokenizer } from "../../../compute/model/tokenizer.ts";
import { LoraLibrary } from "../../../compute/lora/lora_library.ts";
import type { KnownModels } from "../../../requests/known_models.ts";

/** Where models lie in the Worker's memory. */
export const MODELS_FOLDER = "/models";

/** One folder per model; what is there does not change. */
export class FetchedModels implements KnownModels {
  readonly folder = MODELS_FOLDER;
  readonly loras = new LoraLibrary(null);
  readonly #tokenizers = new TokenizerCache();
  readonly #names = new Set<string>();

  /** Says that all files of a model are there. */
  add(name: string): void {
    this.#names.add(name);
  }

  list(): readonly CatalogEntry[] {
    return [...this.#names].map((name) => readEntry(MODELS_FOLDER, name, 0));
  }

  find(name: string): CatalogEntry | undefined {
    return this.#names.has(name) ? readEntry(MODELS_FOLDER, name, 0) : undefined;
  }

  firstUsable(): UsableModel | undefined {
    return this.list().find((entry) => "config" in entry);
  }

  lookAgain(): void {}

  tokenizers(config: ModelConfig): readonly PromptTokenizer[] {
    return this.#tokenizers.get(config, "");
  }
}
