/** A Worker that hashes the files of one model folder. */

import { expose } from "comlink";
import { hashModel } from "../model/hash_model.ts";

/** The Worker's side, called through comlink. */
export interface HashApi {
  hash(folder: string): string;
}

expose({ hash: hashModel } satisfies HashApi);
