/** onnxruntime-node, machine code outside Deno's sandbox. */

import type * as ort from "onnxruntime-web";

/**
 * Fetched when it is first used: 110 MB. Deno fetches beforehand whatever deno.json, deno.lock or the literals of an
 * `import` name, so it stays out of all three.
 */
const PACKAGE = "npm:onnxruntime-node@1.30.0";

/** The engine, or why it cannot be had. */
export async function loadNativeEngine(): Promise<typeof ort | { readonly refused: string }> {
  // Asked first, so that nothing is fetched in vain.
  const { state } = await Deno.permissions.query({ name: "ffi" });
  if (state !== "granted") return { refused: "machine code may not be loaded without --allow-ffi" };
  try {
    return await import(PACKAGE);
  } catch (error) {
    const [words] = String(error instanceof Error ? error.message : error).split("\n");
    return { refused: `onnxruntime-node cannot be loaded: ${words}` };
  }
}
