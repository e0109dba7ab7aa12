/** The studio: a built page, its scripts and its styles, read once and shared by all who ask for them. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import Negotiator from "negotiator";
import { refuseWriting } from "./only_reads.ts";
import { sharedBody } from "./shared_body.ts";

/** What `deno task studio:build` writes. */
const BUILT = fileURLToPath(new URL("../studio/dist/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * What the page may do: run its own scripts and WebAssembly, show pictures of this server and of its own making, and talk
 * to this server alone. Isolated from other origins, so that its WebAssembly may use threads.
 */
const PAGE_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self' blob: data:",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

type Coding = "br" | "gzip" | "identity";

/** The first visitor waits for it: a tenth larger than at the best quality, in a fiftieth of its time. */
const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** A file of the studio's in the codings in which it was asked for. */
class StudioFile {
  readonly #coded = new Map<Coding, Promise<Uint8Array>>();

  constructor(readonly name: string) {}

  /** Its bytes, compressed once. */
  bytes(coding: Coding): Promise<Uint8Array> {
    const held = this.#coded.get(coding) ?? this.#make(coding);
    this.#coded.set(coding, held);
    held.catch(() => this.#coded.delete(coding)); // whoever asked hears of it, and the next one tries again
    return held;
  }

  async #make(coding: Coding): Promise<Uint8Array> {
    if (coding === "identity") return readFileSync(join(BUILT, this.name));
    const bytes = await this.bytes("identity");
    return coding === "br" ? await promisify(brotliCompress)(bytes, QUICK) : await promisify(gzip)(bytes);
  }
}

let files: ReadonlyMap<string, StudioFile> | undefined;

/** The answer to a request for the page or for a file of it; undefined if there is no such file. */
export async function serveStudio(request: Request, pathname: string): Promise<Response | undefined> {
  files ??= new Map(builtFiles().map((name) => [`/${name}`, new StudioFile(name)]));
  const file = files.get(pathname === "/" ? "/index.html" : pathname);
  if (file === undefined) return undefined;
  const refused = refuseWriting(request);
  if (refused !== undefined) return refused;
  const coding = codingFor(request);
  const isPage = file.name === "index.html";
  return sharedBody(await file.bytes(coding), {
    "content-type": TYPES[extname(file.name)] ?? "application/octet-stream",
    // The names of all but the page hold a hash of what is inside.
    "cache-control": isPage ? "no-cache" : "public, max-age=31536000, immutable",
    "vary": "accept-encoding",
    ...(coding === "identity" ? {} : { "content-encoding": coding }),
    // A Worker is bound by what its own script says.
    ...PAGE_HEADERS,
    "cross-origin-resource-policy": "same-origin",
  });
}

/** Nothing where the studio was not built. */
function builtFiles(): readonly string[] {
  if (!existsSync(BUILT)) return [];
  return readdirSync(BUILT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(BUILT.length));
}

const CODINGS: readonly Coding[] = ["br", "gzip", "identity"];

/** The best of the codings that a client takes. */
function codingFor({ headers }: Request): Coding {
  const accepted = new Negotiator({ headers: { "accept-encoding": headers.get("accept-encoding") ?? "identity" } });
  return CODINGS.find((coding) => accepted.encodings().includes(coding)) ?? "identity";
}
