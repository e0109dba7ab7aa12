/** A compute Worker that starts, and dies when it is told to load a model. */

import { expose } from "comlink";

expose({
  start: () => ({ type: "STARTED", runtime: { provider: "wasm", rejected: [] } }),
  state: () => ({ runtime: { provider: "wasm", rejected: [] }, loaded: [] }),
  load: () => {
    setTimeout(() => {
      throw new Error("as it was told");
    });
    return new Promise(() => {});
  },
});
