/** A model whose files were replaced between two looks at them. */

/** Parts of a model that were read before and after a change do not belong together: it is to be opened anew. */
export class ModelChangedError extends Error {
  override readonly name = "ModelChangedError";
  readonly code = "MODEL_CHANGED";

  constructor(file: string) {
    super(`Cannot use "${file}": it has changed since the model was opened`);
  }
}
