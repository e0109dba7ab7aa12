/** A Worker that hashes one file, or the files of one model folder. */

import { expose } from "comlink";
import { hashFile, hashModel } from "../model/hash_model.ts";

/** The Worker's side, called through comlink. */
export interface HashApi {
  model(folder: string): Promise<string>;
  file(path: string): Promise<string>;
}

expose({ model: hashModel, file: hashFile });
