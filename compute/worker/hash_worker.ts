/** A Worker that hashes one model's files: large ones would hold up the server's thread for seconds. */

import { expose } from "comlink";
import { hashModel } from "../model/hash_model.ts";

/** The Worker's side, called through comlink. */
export interface HashApi {
  hash(folder: string): string;
}

expose({ hash: hashModel } satisfies HashApi);
