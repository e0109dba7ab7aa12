/** Pages run no machine code. See `host/native_engine.ts`. */

import type * as ort from "onnxruntime-web";

export function loadNativeEngine(): Promise<typeof ort | { readonly refused: string }> {
  return Promise.resolve({ refused: "a page runs no machine code" });
}
