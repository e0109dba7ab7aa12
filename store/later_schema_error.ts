/** The database was written by a later version of this program, which this one cannot read. */
export class LaterSchemaError extends Error {
  override readonly name = "LaterSchemaError";
  readonly code = "LATER_SCHEMA";

  /** @param path Which database, in words that anybody may read. */
  constructor(readonly path: string, readonly version: number, readonly known: number) {
    super(`Cannot open ${path}: its schema version is ${version}, and this program knows versions up to ${known}`);
  }
}
