/** A Worker that inspects one model folder: reading large graphs would hold up the server's thread. */

import { expose } from "comlink";
import { type Inspection, inspectModel } from "../model/inspect.ts";

/** The Worker's side, called through comlink. */
export interface InspectApi {
  inspect(folder: string, name: string): Inspection;
}

expose({ inspect: inspectModel } satisfies InspectApi);
