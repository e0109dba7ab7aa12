/** How the studio is built: into dist/, which the server serves at `/` and under `/studio/`. */

import { defineConfig } from "vite";

const parterre = "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
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
      "/images": parterre,
      "/previews": parterre,
      "/events": parterre,
    },
  },
});
