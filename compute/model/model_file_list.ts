/** The files of a model that a picture can be made from elsewhere, as a browser that computes by itself fetches them. */

/** A file of a model's folder. */
export interface ModelFile {
  /** Within the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}
