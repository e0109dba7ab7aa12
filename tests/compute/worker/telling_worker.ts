/** A stand-in for the compute Worker: tells what it was started with, and dies when it is to load a model. */

import { expose } from "comlink";
import type { ComputeApi } from "../../../compute/worker/protocol.ts";

const api: Pick<ComputeApi, "start" | "open" | "load"> = {
  start: ({ first = "no first model" }) =>
    Promise.resolve({
      type: "STARTED",
      runtime: { provider: "wasm", threads: 1, engine: "none", reason: first, adapter: null, rejected: [] },
    }),
  open: () => Promise.resolve({ usable: false, refused: "nothing is computed here" }),
  load: () => {
    setTimeout(() => {
      throw new Error("brought down by a model");
    });
    return new Promise(() => {});
  },
};

expose(api);
