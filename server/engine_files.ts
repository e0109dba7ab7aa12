/** Serving the engine, for pages that compute by themselves: the files of onnxruntime-web that a browser loads. */

import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { refuseWriting } from "./only_reads.ts";

/** By name, with the type under which browsers take them. */
const FILES: ReadonlyMap<string, string> = new Map([
  ["ort.wasm.min.mjs", "text/javascript; charset=utf-8"],
  ["ort.jspi.min.mjs", "text/javascript; charset=utf-8"],
  ["ort-wasm-simd-threaded.mjs", "text/javascript; charset=utf-8"],
  ["ort-wasm-simd-threaded.wasm", "application/wasm"],
  ["ort-wasm-simd-threaded.jspi.mjs", "text/javascript; charset=utf-8"],
  ["ort-wasm-simd-threaded.jspi.wasm", "application/wasm"],
]);

/** The folder of the package's builds, and its version, which is part of its addresses. */
const BUILDS = fileURLToPath(new URL(".", import.meta.resolve("onnxruntime-web")));
const VERSION = /onnxruntime-web\/(\d+\.\d+\.\d+)\//.exec(BUILDS.replaceAll("\\", "/"))?.[1] ?? "";

/** The answer to a request for a file of the engine's; undefined if the path is none's. */
export async function serveEngine({ method }: Request, pathname: string): Promise<Response | undefined> {
  const [, version, name = ""] = /^\/engine\/([\d.]+)\/([\w.-]+)$/.exec(pathname) ?? [];
  const type = FILES.get(name);
  if (type === undefined || version !== VERSION) return undefined;
  const refused = refuseWriting({ method });
  if (refused !== undefined) return refused;
  const place = join(BUILDS, name);
  const { size } = await Deno.stat(place);
  return new Response(method === "HEAD" ? null : (await Deno.open(place)).readable, {
    headers: {
      "content-type": type,
      "content-length": String(size),
      "cache-control": "public, max-age=31536000, immutable",
      "cross-origin-embedder-policy": "require-corp", // its threads are Workers of an isolated page
      "cross-origin-resource-policy": "same-origin",
      "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
    },
  });
}
