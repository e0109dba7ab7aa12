/** What checks of requests ask a catalogue of models. */

import type { ModelCatalog } from "../compute/model/catalog.ts";

/** The models that there are; a {@link ModelCatalog} is one, and what a page has fetched another. */
export type KnownModels = Pick<
  ModelCatalog,
  "list" | "find" | "firstUsable" | "lookAgain" | "tokenizers" | "folder" | "loras"
>;
