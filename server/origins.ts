/**
 * Which web pages may call this server (CORS): those of its own origin, and of the origins in its settings. Others are
 * refused, not only kept from reading the answer: the work would be done for them all the same.
 * Source: https://fetch.spec.whatwg.org/#http-cors-protocol
 */

const METHODS = "GET, HEAD, POST";
/** Headers of answers that pages may read. */
const EXPOSED = "retry-after";
/** Seconds for which browsers may remember a preflight's answer. */
const MAX_AGE = "600";

/** The origins that may call. */
export class Origins {
  readonly #listed: ReadonlySet<string>;
  readonly #any: boolean;

  /** @param origins For instance `https://app.example`; `*` for any; see {@link parseOrigins}. */
  constructor(origins: readonly string[]) {
    this.#any = origins.includes("*");
    this.#listed = new Set(origins);
  }

  /** Whether the page that a request comes from may call. Programs, which send no origin, may. */
  allows(request: Request): boolean {
    const origin = request.headers.get("origin");
    if (origin !== null) return this.#any || this.#listed.has(origin) || isOwn(origin, request);
    // Images, scripts and forms of other sites send no Origin with GET, but say that they are of another site.
    const site = request.headers.get("sec-fetch-site");
    const navigated = request.headers.get("sec-fetch-mode") === "navigate";
    return site !== "cross-site" && site !== "same-site" || this.#any || this.#listed.size > 0 || navigated;
  }

  /** The answer to a preflight; undefined if the request is none. */
  preflight(request: Request): Response | undefined {
    if (request.method !== "OPTIONS" || !request.headers.has("access-control-request-method")) return undefined;
    const headers = request.headers.get("access-control-request-headers");
    return new Response(null, {
      status: 204,
      headers: {
        "access-control-allow-methods": METHODS,
        "access-control-max-age": MAX_AGE,
        ...(headers === null ? {} : { "access-control-allow-headers": headers }),
      },
    });
  }

  /** The headers that let a page read an answer. */
  headers(request: Request): Readonly<Record<string, string>> {
    const origin = request.headers.get("origin");
    const resource = this.#any || this.#listed.size > 0 ? "cross-origin" : "same-origin";
    const common = { "cross-origin-resource-policy": resource };
    if (this.#any) {
      return { ...common, "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED };
    }
    if (origin === null || !this.#listed.has(origin)) return { ...common, vary: "origin" };
    return {
      ...common,
      vary: "origin",
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": EXPOSED,
    };
  }
}

/**
 * Reads a list of origins, separated by commas.
 * @throws {TypeError} if an entry is no origin as browsers send it: with a path, even `/`, none would ever match.
 */
export function parseOrigins(text: string): readonly string[] {
  const entries = text.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "");
  for (const entry of entries) {
    if (entry !== "*" && !isOrigin(entry)) {
      throw new TypeError(
        `must be origins such as https://app.example, without a path or "/" at the end, separated by commas, or *` +
          meant(entry),
      );
    }
  }
  return entries;
}

/** What an entry that is no origin was probably meant to be. */
function meant(entry: string): string {
  const origin = URL.parse(entry)?.origin ?? "null";
  const guess = origin === "null" ? URL.parse(`https://${entry}`)?.origin ?? "null" : origin;
  return guess === "null" || !isOrigin(guess) ? "" : ` (did you mean "${guess}"?)`;
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  // Of schemes that are not the web's, such as those of desktop shells, the URL standard knows no origin.
  return url !== null && (url.origin === text || url.origin === "null" && /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+$/.test(text));
}

/** Of this server itself. A proxy in front may speak TLS, so the scheme is not compared. */
function isOwn(origin: string, request: Request): boolean {
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin) return false;
  const host = request.headers.get("host")?.toLowerCase() ?? "";
  return url.host === host || url.host === host.replace(/:(80|443)$/, "");
}
