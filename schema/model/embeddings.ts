/** The embeddings that prompts name, looked up in a model. */

import { type EmbeddingEntry, EmbeddingFileError, UnknownEmbeddingError } from "../../compute/model/embeddings.ts";
import type { ModelConfig } from "../../compute/model/config.ts";
import type { ModelCatalog } from "../../compute/model/catalog.ts";
import { InvalidInputError, InvalidInputErrors } from "../../errors.ts";
import { embeddingUses } from "../../layout/prompt_warnings.ts";
import { builder } from "../builder.ts";
import { ofSavedLayout, type ResolvedInput } from "../generation/resolve_input.ts";

/** How many vectors an embedding of a model has, or why it has none. */
export type FindEmbedding = (name: string) => number | EmbeddingFileError | UnknownEmbeddingError;

/** Looks each name up once. */
export function embeddingFinder(catalog: ModelCatalog, config: ModelConfig): FindEmbedding {
  const known = new Map<string, ReturnType<FindEmbedding>>();
  const find: FindEmbedding = (name) => {
    try {
      return catalog.embedding(config, name).vectors;
    } catch (error) {
      if (error instanceof EmbeddingFileError || error instanceof UnknownEmbeddingError) return error;
      throw error;
    }
  };
  return (name) => {
    const found = known.get(name) ?? find(name);
    known.set(name, found);
    return found;
  };
}

/**
 * Refuses prompts that name embeddings which the model does not have or cannot use: read as words, they would be another
 * picture's.
 * @throws {InvalidInputErrors} with each of them at its field: UNKNOWN_EMBEDDING, or UNSUPPORTED for a broken file.
 */
export function requireEmbeddings({ request, model }: ResolvedInput, catalog: ModelCatalog): void {
  const find = embeddingFinder(catalog, model.config);
  const problems = embeddingUses(request.layout).flatMap(({ name, path, position }) => {
    const found = find(name);
    if (typeof found === "number") return [];
    const code = found instanceof UnknownEmbeddingError ? "UNKNOWN_EMBEDDING" : "UNSUPPORTED";
    const rule =
      `must name embeddings that the model has and can use, at position ${position} it does not (${found.message})`;
    const problem = new InvalidInputError(code, ["input", "layout", ...path], name, rule);
    return [request.savedLayout === null ? problem : ofSavedLayout(problem)];
  });
  if (problems.length > 0) throw new InvalidInputErrors(problems);
}

/** The type of the embeddings in a model's folder. */
export const EmbeddingRef = builder.objectRef<EmbeddingEntry>("Embedding").implement({
  description: "A textual inversion embedding of a model: `embedding:NAME` in prompts.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The name to use in prompts: the file's, without its ending." }),
    vectors: t.int({
      nullable: true,
      description: "How many tokens it counts as; null if it cannot be used.",
      resolve: (entry) => "vectors" in entry ? entry.vectors : null,
    }),
    refusal: t.string({
      nullable: true,
      description: "Why it cannot be used; null if it can.",
      resolve: (entry) => "refused" in entry ? entry.refused : null,
    }),
  }),
});
