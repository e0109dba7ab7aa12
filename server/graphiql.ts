/** GraphiQL: one page with everything in it, made once and shared by all who ask for it. */

import { createHash } from "node:crypto";
import { EXAMPLE } from "./example.ts";
import { sharedBody } from "./shared_body.ts";

/** Whether a browser asks to see the page, rather than a program for an answer. */
export function asksForPage({ method, headers }: Request): boolean {
  return method === "GET" && (headers.get("accept")?.includes("text/html") ?? false);
}

interface Page {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly policy: string;
}

let rendered: Promise<Page> | undefined;

/** The page. No other script than its own may run in it, and no other site may frame it. */
export async function graphiqlPage(): Promise<Response> {
  const page = await (rendered ??= renderPage());
  return sharedBody(page.bytes, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": page.policy,
    "cache-control": "no-cache",
  });
}

async function renderPage(): Promise<Page> {
  // Nine megabytes of script, which no start should wait for.
  const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
  const options = { title: "Parterre", defaultQuery: EXAMPLE, subscriptionsProtocol: "SSE" } as const;
  const html = renderGraphiQL(options).replaceAll(/\r\n?/g, "\n"); // as browsers read it
  const begin = html.indexOf("<script>") + "<script>".length;
  const script = html.slice(begin, html.indexOf("</script>", begin));
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "worker-src blob:",
    "style-src 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return { bytes: new TextEncoder().encode(html), policy: policy.join("; ") };
}
