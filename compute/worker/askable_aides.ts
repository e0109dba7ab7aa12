/** Those who make parts of a picture's calls, as the compute Worker asks them. */

import { getLogger } from "@logtape/logtape";
import type { Aides } from "../pipeline/shared_calls.ts";
import type { AideCalls } from "./protocol.ts";

const log = getLogger(["parterre", "compute"]);

/** Whatever fails there costs time and no picture: what nobody made is computed in the Worker. */
export function askable(aides: Aides): AideCalls {
  return {
    share: async (call, count) => {
      try {
        return await aides.share(call, count);
      } catch (error) {
        log.warn("Computes call {call} alone: {error}", { call: call.call, error });
        return [];
      }
    },
    collect: async (id) => {
      try {
        return await aides.collect(id);
      } catch (error) {
        log.warn("Computes anew what others were to compute: {error}", { error });
        return new Map();
      }
    },
  };
}
