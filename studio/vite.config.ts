/** How the studio is built: into dist/, which the server serves at `/` and under `/studio/`. */

import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import manifest from "../deno.json" with { type: "json" };

const parterre = "http://127.0.0.1:8000";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where the server offers the engine's own builds, which load their WebAssembly and threads from beside them. */
const ENGINE = `/engine/${manifest.imports["onnxruntime-web"].split("@").at(-1)}/`;

/** The server's folders import packages that only this folder has, and the machine's part by `#host/`. */
function sharedCode(): Plugin {
  return {
    name: "parterre-shared-code",
    enforce: "pre",
    async resolveId(source, importer, options) {
      if (source === "onnxruntime-web") return { id: `${ENGINE}ort.wasm.min.mjs`, external: "absolute" };
      if (source === "onnxruntime-web/jspi") return { id: `${ENGINE}ort.jspi.min.mjs`, external: "absolute" };
      if (source.startsWith("#host/")) return here(`src/local/host/${source.slice("#host/".length)}`);
      if (source === "node:path") return await this.resolve("pathe", here("src/main.tsx"), options);
      const bare = /^[@\w]/.test(source) && !source.startsWith("node:");
      if (!bare || importer === undefined || importer.startsWith(here("./"))) return null;
      return await this.resolve(source, here("src/main.tsx"), { ...options, skipSelf: true });
    },
  };
}

export default defineConfig({
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [sharedCode()],
  worker: { format: "es", plugins: () => [sharedCode()] },
  build: {
    target: "es2022",
    assetsDir: "studio",
    assetsInlineLimit: 0, // the page's policy lets no data: scripts or styles in
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    proxy: {
      "/graphql": { target: parterre, ws: true },
      "^/(engine|images|models|previews)/": parterre,
    },
  },
});
